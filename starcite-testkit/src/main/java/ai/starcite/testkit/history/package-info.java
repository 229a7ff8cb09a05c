/**
 * Records the calls of many threads on logs, and checks whether all answers agree with one order of
 * events.
 */
@NullMarked
package ai.starcite.testkit.history;

import org.jspecify.annotations.NullMarked;
