package ai.starcite.internal.log;

import ai.starcite.LogObserver;
import ai.starcite.internal.threads.Waits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The settings of a log, as its builder collects them. */
public record LogSettings(
    int maxEventBytes,
    long maxPendingBytes,
    int maxProducers,
    long sessionCacheBytes,
    long pageCacheBytes,
    Duration appendTimeout,
    Duration closeTimeout,
    boolean closesStore,
    @Nullable LogObserver observer,
    InstantSource clock,
    RandomGenerator random,
    @Nullable Executor executor,
    @Nullable ScheduledExecutorService scheduler,
    Waits waits) {}
