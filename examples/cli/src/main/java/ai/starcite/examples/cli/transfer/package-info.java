/** Import and verification of sessions. */
package ai.starcite.examples.cli.transfer;
