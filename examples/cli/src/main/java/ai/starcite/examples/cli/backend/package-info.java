/** Where the sessions are: a directory or a gateway. */
package ai.starcite.examples.cli.backend;
