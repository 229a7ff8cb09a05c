/** What the log costs, measured. */
package ai.starcite.benchmarks;
