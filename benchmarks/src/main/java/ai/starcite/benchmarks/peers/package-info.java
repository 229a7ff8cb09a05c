/** What can store events: the log, and what else does the same job. */
package ai.starcite.benchmarks.peers;
