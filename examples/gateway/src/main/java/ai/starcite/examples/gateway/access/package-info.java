/** Who makes a request, and what that caller may see and do. */
@NullMarked
package ai.starcite.examples.gateway.access;

import org.jspecify.annotations.NullMarked;
