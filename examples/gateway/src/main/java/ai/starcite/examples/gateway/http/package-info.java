/** Requests, answers and problems: what all routes share. */
@NullMarked
package ai.starcite.examples.gateway.http;

import org.jspecify.annotations.NullMarked;
