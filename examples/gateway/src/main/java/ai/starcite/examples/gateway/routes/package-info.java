/** Sessions and appends over HTTP. */
@NullMarked
package ai.starcite.examples.gateway.routes;

import org.jspecify.annotations.NullMarked;
