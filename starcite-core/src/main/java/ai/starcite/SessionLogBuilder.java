package ai.starcite;

import ai.starcite.internal.Limits;
import ai.starcite.internal.log.LogSettings;
import ai.starcite.internal.log.StoredSessionLog;
import ai.starcite.internal.threads.Waits;
import ai.starcite.spi.SegmentStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The settings of a log. Not thread-safe. */
public final class SessionLogBuilder {
  /** How long an append tries by default. */
  static final Duration APPEND_TIMEOUT = Duration.ofSeconds(30);

  private final SegmentStore store;
  private int maxEventBytes = 1 << 20;
  private long maxPendingBytes = 64L << 20;
  private int maxProducers = 10_000;
  private long sessionCacheBytes = 64L << 20;
  private long pageCacheBytes = 32L << 20;
  private Duration appendTimeout = APPEND_TIMEOUT;
  private Duration closeTimeout = Duration.ofSeconds(10);
  private boolean closesStore = true;
  private @Nullable LogObserver observer;
  private InstantSource clock = InstantSource.system();
  private RandomGenerator random = new SecureRandom();
  private @Nullable Executor executor;
  private @Nullable ScheduledExecutorService scheduler;

  SessionLogBuilder(SegmentStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  /**
   * Sets the size limit of an event (clause EVT-4).
   *
   * @param bytes 1 KiB to 8 MiB; 1 MiB by default
   * @return this builder
   */
  public SessionLogBuilder maxEventBytes(int bytes) {
    this.maxEventBytes = within("maxEventBytes", bytes, 1 << 10, 8 << 20);
    return this;
  }

  /**
   * Sets how many bytes may wait to be stored, in all sessions together (clause APP-8). One session
   * may hold a quarter of it. Once as many again are stored and wait for slow callbacks,
   * asynchronous appends fail with {@code BACKPRESSURE}.
   *
   * @param bytes at least 1 MiB; 64 MiB by default
   * @return this builder
   */
  public SessionLogBuilder maxPendingBytes(long bytes) {
    this.maxPendingBytes = within("maxPendingBytes", bytes, 1 << 20, Long.MAX_VALUE / 2);
    return this;
  }

  /**
   * Sets how many producers a session may have (clause APP-4).
   *
   * @param producers 1 to 1,000,000; 10,000 by default
   * @return this builder
   */
  public SessionLogBuilder maxProducers(int producers) {
    this.maxProducers = within("maxProducers", producers, 1, 1_000_000);
    return this;
  }

  /**
   * Sets the approximate memory limit for the state of open sessions. Sessions that are not in use
   * are closed to keep within it, the least recently used first, and opened again when needed.
   *
   * @param bytes at least 1 MiB; 64 MiB by default
   * @return this builder
   */
  public SessionLogBuilder sessionCacheBytes(long bytes) {
    this.sessionCacheBytes = within("sessionCacheBytes", bytes, 1 << 20, Long.MAX_VALUE / 2);
    return this;
  }

  /**
   * Sets the approximate memory limit for the event pages that tails share.
   *
   * @param bytes at least 1 MiB; 32 MiB by default
   * @return this builder
   */
  public SessionLogBuilder pageCacheBytes(long bytes) {
    this.pageCacheBytes = within("pageCacheBytes", bytes, 1 << 20, Long.MAX_VALUE / 2);
    return this;
  }

  /**
   * Sets how long an append tries, unless it says otherwise (see {@link
   * AppendOptions#withTimeout}), and every other write.
   *
   * @param timeout more than zero; 30 seconds by default
   * @return this builder
   */
  public SessionLogBuilder appendTimeout(Duration timeout) {
    Limits.requireTimeout("appendTimeout", timeout);
    this.appendTimeout = timeout;
    return this;
  }

  /**
   * Sets how long {@link SessionLog#close} waits for events under way (clause ERR-3). Callbacks
   * that run late get one more second to return.
   *
   * @param timeout more than zero; 10 seconds by default
   * @return this builder
   */
  public SessionLogBuilder closeTimeout(Duration timeout) {
    Limits.requireTimeout("closeTimeout", timeout);
    this.closeTimeout = timeout;
    return this;
  }

  /**
   * Sets whether closing the log closes the store.
   *
   * @param closes true by default
   * @return this builder
   */
  public SessionLogBuilder closesStore(boolean closes) {
    this.closesStore = closes;
    return this;
  }

  /**
   * Sets the observer of what the log does, for metrics.
   *
   * @param observer none by default
   * @return this builder
   */
  public SessionLogBuilder observer(LogObserver observer) {
    this.observer = Objects.requireNonNull(observer, "observer");
    return this;
  }

  /**
   * Sets where futures are completed, and so the callbacks of users run. {@code Runnable::run} has
   * them run on the thread that has the answer, which may be the store's own: a callback that
   * blocks then stops the store, one that waits for another append never returns, and where the
   * store answers at once, callbacks that append nest in one another until the stack is full.
   *
   * @param executor a small pool of the log's own by default; the log does not shut yours down
   * @return this builder
   */
  public SessionLogBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * Sets what runs time-outs and retries.
   *
   * @param scheduler one thread of the log's own by default; the log does not shut yours down
   * @return this builder
   */
  public SessionLogBuilder scheduler(ScheduledExecutorService scheduler) {
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    return this;
  }

  /**
   * Sets what tells the time of events. Times outside the years 0 to 9999 are taken for the first
   * or the last moment of these.
   *
   * @param clock the system's clock by default
   * @return this builder
   */
  public SessionLogBuilder clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Sets where ids and tokens come from. It must be thread-safe, and unpredictable to anyone who
   * must not guess ids.
   *
   * @param random a {@link java.security.SecureRandom} by default
   * @return this builder
   */
  public SessionLogBuilder random(RandomGenerator random) {
    this.random = Objects.requireNonNull(random, "random");
    return this;
  }

  /**
   * Opens the log.
   *
   * @return an open log
   * @throws SessionLogException {@code INVALID} if the store cannot hold a full batch
   */
  public SessionLog open() {
    return open(Waits.SYSTEM);
  }

  /** Opens the log of a simulation. */
  SessionLog open(Waits waits) {
    return StoredSessionLog.open(
        store,
        new LogSettings(
            maxEventBytes,
            maxPendingBytes,
            maxProducers,
            sessionCacheBytes,
            pageCacheBytes,
            appendTimeout,
            closeTimeout,
            closesStore,
            observer,
            clock,
            random,
            executor,
            scheduler,
            waits));
  }

  private static int within(String name, int value, int least, int most) {
    return (int) within(name, (long) value, least, most);
  }

  private static long within(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw Limits.invalid(name + " is " + value + "; it must be " + least + " to " + most);
    }
    return value;
  }
}
