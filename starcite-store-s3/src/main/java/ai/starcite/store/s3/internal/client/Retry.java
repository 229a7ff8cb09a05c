package ai.starcite.store.s3.internal.client;

import java.time.Duration;

/**
 * How requests without an answer are sent again: after pauses that double, each a random part of
 * its length.
 *
 * @param attempts how often a request is sent before the operation ends without a result
 * @param first the first pause
 * @param longest the longest pause
 */
public record Retry(int attempts, Duration first, Duration longest) {}
