package ai.starcite.store.s3;

/**
 * The requests that a store has sent since it was opened, to know what it costs. What the probe of
 * the opening took is not in it, nor is what the SDK's client repeats on its own.
 *
 * @param puts writes, also those that found their key taken
 * @param gets reads
 * @param lists listings
 * @param deletes deletions, one an object, also those that are left out once one has failed
 * @param unanswered of these requests, those that ended without an answer to build upon, so that
 *     they were sent again or given up; deletions that were asked for together are one
 * @param bytesWritten the bytes of all writes
 * @param bytesRead the bytes of all reads
 */
public record S3Requests(
    long puts,
    long gets,
    long lists,
    long deletes,
    long unanswered,
    long bytesWritten,
    long bytesRead) {}
