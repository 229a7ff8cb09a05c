/** What the hottest paths cost, measured with JMH. */
package ai.starcite.benchmarks.hot;
