/**
 * Records the calls of many threads on logs, and checks whether all answers agree with one order of
 * events.
 */
package ai.starcite.testkit.history;
