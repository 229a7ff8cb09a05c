/** Session logs over HTTP, WebSocket and server-sent events, and a page that shows them. */
@NullMarked
package ai.starcite.examples.gateway;

import org.jspecify.annotations.NullMarked;
