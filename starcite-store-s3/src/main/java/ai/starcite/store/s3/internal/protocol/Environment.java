package ai.starcite.store.s3.internal.protocol;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What the protocol needs besides the object store; a simulation provides its own. The protocol
 * starts no threads, and never blocks one.
 *
 * @param scheduler runs delayed tasks, which are short
 * @param random makes tokens and jitter; used by many threads
 * @param nanoTime a clock that never goes back
 */
public record Environment(
    ScheduledExecutorService scheduler, RandomGenerator random, LongSupplier nanoTime) {}
