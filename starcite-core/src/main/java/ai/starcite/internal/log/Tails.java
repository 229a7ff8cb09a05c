package ai.starcite.internal.log;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.LogObserver;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailListener;
import ai.starcite.TailOptions;
import ai.starcite.TailSubscription;
import ai.starcite.internal.store.StoreCalls;
import ai.starcite.internal.store.StoreFailures;
import ai.starcite.internal.tail.BlockingTail;
import ai.starcite.internal.tail.OpenedTail;
import ai.starcite.internal.tail.PushFaces;
import ai.starcite.internal.tail.TailOpener;
import ai.starcite.internal.threads.Waits;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Predicate;

/** Opens tails, of each of their three faces. Thread-safe. */
final class Tails {
  private final TailOpener opener;
  private final Appends appends;
  private final StoreCalls storeCalls;
  private final PushFaces faces;
  private final LogObserver observer;
  private final Waits waits;

  /** Whether what this process knows of a session needs a look at the store. */
  private final Predicate<String> mayBeOutOfDate;

  Tails(
      TailOpener opener,
      Appends appends,
      StoreCalls storeCalls,
      PushFaces faces,
      LogObserver observer,
      Waits waits,
      Predicate<String> mayBeOutOfDate) {
    this.opener = opener;
    this.appends = appends;
    this.storeCalls = storeCalls;
    this.faces = faces;
    this.observer = observer;
    this.waits = waits;
    this.mayBeOutOfDate = mayBeOutOfDate;
  }

  Tail tail(String sessionId, TailOptions options) {
    return started(
        open(sessionId, options),
        opened ->
            new BlockingTail(opened, options, waits, end -> observer.onTailEnded(sessionId, end)));
  }

  TailSubscription subscribe(
      String sessionId, TailOptions options, TailListener listener, Executor executor) {
    return started(
        open(sessionId, options), opened -> faces.subscribe(opened, options, listener, executor));
  }

  /** A publisher that checks at each subscription whether the log is open. */
  Flow.Publisher<Event> publisher(String sessionId, TailOptions options, Runnable requireOpen) {
    Objects.requireNonNull(options, "options");
    return subscriber ->
        faces.subscribe(
            Objects.requireNonNull(subscriber, "subscriber"),
            options,
            () -> {
              requireOpen.run();
              return openAsync(sessionId, options);
            });
  }

  /** Starts a tail, which is let go of if that fails. */
  private static <T> T started(OpenedTail opened, Function<OpenedTail, T> start) {
    try {
      return start.apply(opened);
    } catch (RuntimeException | Error e) {
      opened.release();
      throw e;
    }
  }

  private OpenedTail open(String sessionId, TailOptions options) {
    Objects.requireNonNull(options, "options");
    if (mayBeOutOfDate.test(sessionId)) {
      appends.barrier(sessionId);
    }
    CompletableFuture<OpenedTail> opening = opening(sessionId, options);
    OpenedTail opened;
    try {
      opened = storeCalls.read(() -> opening);
    } catch (RuntimeException e) {
      // It may be opened yet.
      opening.thenAccept(OpenedTail::release);
      throw e;
    }
    observer.onTailOpened(sessionId);
    return opened;
  }

  private CompletableFuture<OpenedTail> openAsync(String sessionId, TailOptions options) {
    CompletableFuture<OpenedTail> opening =
        mayBeOutOfDate.test(sessionId)
            ? appends
                .barrierAsync(sessionId, AppendOptions.defaults())
                .thenCompose(passed -> opening(sessionId, options))
            : opening(sessionId, options);
    return opening.thenApply(
        opened -> {
          observer.onTailOpened(sessionId);
          return opened;
        });
  }

  /**
   * Opens a tail. What this process knows may be of an earlier life than the one that the tail
   * demands: only the store can tell that this one is over.
   */
  private CompletableFuture<OpenedTail> opening(String sessionId, TailOptions options) {
    CompletableFuture<OpenedTail> opening = opener.open(sessionId, options);
    if (options.incarnation().isEmpty()) {
      return opening;
    }
    AppendOptions life = AppendOptions.defaults().withIncarnation(options.incarnation().get());
    return opening.exceptionallyCompose(
        failure ->
            StoreFailures.of(failure).code() == Code.SESSION_NOT_FOUND
                ? appends
                    .barrierAsync(sessionId, life)
                    .thenCompose(passed -> opener.open(sessionId, options))
                : CompletableFuture.failedFuture(failure));
  }
}
