/** Sessions and events as lines. */
package ai.starcite.examples.cli.text;
