package ai.starcite.store.s3;

/**
 * The requests that a store has sent since it was opened: what it costs. The probe at opening and
 * retries inside the SDK's client are not counted.
 *
 * @param puts writes, including those that found their key taken
 * @param gets reads
 * @param lists listings
 * @param deletes deletions, one per object, including those skipped after a failure
 * @param unanswered how many of these requests ended without a usable answer, and were retried or
 *     given up; a group of deletions counts once
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
