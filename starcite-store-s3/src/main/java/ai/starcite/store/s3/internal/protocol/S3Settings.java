package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.Retry;
import java.time.Duration;

/**
 * The settings of the protocol.
 *
 * @param grace how long superseded objects are kept; the same in all processes, at least 10 minutes
 * @param strict whether every answer is judged by a new snapshot, so that the server's clock is
 *     relied on only while one is read
 * @param maintains whether this process compacts and reclaims the sessions that it appends to
 * @param compactSegments how many segments above the boundary make a compaction due
 * @param compactBytes how many bytes above the boundary make a compaction due
 * @param chunkBytes up to how many bytes chunks are merged
 * @param cacheBytes the approximate memory limit for chunks, and again for known sessions
 * @param linger how long after a write the next segment of a session is sent at the latest; the
 *     first one after a pause is sent at once. It is {@link #LINGER_WHILE_THROTTLED} times as long
 *     while the server throttles requests
 * @param retry how requests without an answer are retried
 */
public record S3Settings(
    Duration grace,
    boolean strict,
    boolean maintains,
    int compactSegments,
    int compactBytes,
    int chunkBytes,
    long cacheBytes,
    Duration linger,
    Retry retry) {

  public static final int LINGER_WHILE_THROTTLED = 5;

  public static final Duration SHORTEST_GRACE = Duration.ofMinutes(10);

  public static final S3Settings DEFAULT =
      new S3Settings(
          Duration.ofHours(24),
          false,
          true,
          64,
          1 << 20,
          16 << 20,
          64 << 20,
          Duration.ofMillis(50),
          new Retry(5, Duration.ofMillis(50), Duration.ofSeconds(2)));

  public S3Settings {
    if (grace.compareTo(SHORTEST_GRACE) < 0) {
      throw new IllegalArgumentException(
          "a grace of " + grace + "; it must be at least " + SHORTEST_GRACE);
    }
  }

  public S3Settings withGrace(Duration changed) {
    return new S3Settings(
        changed,
        strict,
        maintains,
        compactSegments,
        compactBytes,
        chunkBytes,
        cacheBytes,
        linger,
        retry);
  }

  public S3Settings withStrict(boolean changed) {
    return new S3Settings(
        grace,
        changed,
        maintains,
        compactSegments,
        compactBytes,
        chunkBytes,
        cacheBytes,
        linger,
        retry);
  }

  public S3Settings withMaintains(boolean changed) {
    return new S3Settings(
        grace,
        strict,
        changed,
        compactSegments,
        compactBytes,
        chunkBytes,
        cacheBytes,
        linger,
        retry);
  }

  S3Settings withCompaction(int segments, int bytes, int chunk) {
    return new S3Settings(
        grace, strict, maintains, segments, bytes, chunk, cacheBytes, linger, retry);
  }

  public S3Settings withCacheBytes(long changed) {
    return new S3Settings(
        grace,
        strict,
        maintains,
        compactSegments,
        compactBytes,
        chunkBytes,
        changed,
        linger,
        retry);
  }

  public S3Settings withLinger(Duration changed) {
    return new S3Settings(
        grace,
        strict,
        maintains,
        compactSegments,
        compactBytes,
        chunkBytes,
        cacheBytes,
        changed,
        retry);
  }

  public S3Settings withRetry(Retry changed) {
    return new S3Settings(
        grace,
        strict,
        maintains,
        compactSegments,
        compactBytes,
        chunkBytes,
        cacheBytes,
        linger,
        changed);
  }
}
