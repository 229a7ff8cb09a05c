/** Appends of a run: what is sent, by which producer, and what became of it. */
package ai.starcite.examples.cli.append;
