/** Runs several processes, each with its log, on one thread and in virtual time. */
@NullMarked
package ai.starcite.testkit.sim;

import org.jspecify.annotations.NullMarked;
