/** What was measured, as a table and as charts. */
package ai.starcite.benchmarks.report;
