/**
 * The {@code starcite} command: one {@link ai.starcite.examples.cli.backend.Backend} for
 * directories and one for gateways, and the commands on top of it.
 */
package ai.starcite.examples.cli;
