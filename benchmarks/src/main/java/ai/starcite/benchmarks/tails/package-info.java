/** What tails cost, while they wait and while there is news. */
package ai.starcite.benchmarks.tails;
