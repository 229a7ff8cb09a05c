/** What the command prints, and how it ends. */
package ai.starcite.examples.cli.console;
