/** What appending costs. */
package ai.starcite.benchmarks.append;
