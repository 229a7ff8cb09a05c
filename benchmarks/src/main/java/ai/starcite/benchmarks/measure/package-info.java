/** How things are measured, whatever they are. */
package ai.starcite.benchmarks.measure;
