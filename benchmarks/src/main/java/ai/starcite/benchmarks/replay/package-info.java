/** What reading costs. */
package ai.starcite.benchmarks.replay;
