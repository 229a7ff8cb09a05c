/** What the log costs on S3. */
package ai.starcite.benchmarks.s3;
