/** Tails over HTTP: pages, event streams and WebSockets. */
@NullMarked
package ai.starcite.examples.gateway.tails;

import org.jspecify.annotations.NullMarked;
