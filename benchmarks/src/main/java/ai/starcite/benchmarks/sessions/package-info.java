/** What many sessions cost. */
package ai.starcite.benchmarks.sessions;
