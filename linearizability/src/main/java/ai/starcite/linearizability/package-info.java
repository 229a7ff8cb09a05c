/** Checks that what concurrent callers of a log are told could have been told one by one. */
@NullMarked
package ai.starcite.linearizability;

import org.jspecify.annotations.NullMarked;
