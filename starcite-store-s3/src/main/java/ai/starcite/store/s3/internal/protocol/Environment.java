package ai.starcite.store.s3.internal.protocol;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * All that the protocol takes from the outside beside the object store, so that a simulation can
 * drive it. The protocol makes no threads, and never blocks one.
 *
 * @param scheduler runs what comes later; what it runs is short
 * @param random makes tokens and jitter; used by many threads
 * @param nanoTime a clock that never goes back
 */
public record Environment(
    ScheduledExecutorService scheduler, RandomGenerator random, LongSupplier nanoTime) {}
