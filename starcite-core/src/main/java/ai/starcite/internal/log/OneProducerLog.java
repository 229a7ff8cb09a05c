package ai.starcite.internal.log;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.Producer;
import ai.starcite.SessionLogException;
import ai.starcite.internal.AppendListener;
import ai.starcite.internal.ProducerLog;
import ai.starcite.internal.append.AppendFuture;
import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.open.OpenSessions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongPredicate;

/** The log as one of its producers sees it. Thread-safe. */
final class OneProducerLog implements ProducerLog {
  private final Appends appends;
  private final OpenSessions sessions;
  private final CommitContext context;
  private final Executor callbacks;
  private final Runnable requireOpen;
  private final String sessionId;
  private final String producerId;

  OneProducerLog(
      Appends appends,
      OpenSessions sessions,
      CommitContext context,
      Executor callbacks,
      Runnable requireOpen,
      String sessionId,
      String producerId) {
    this.appends = appends;
    this.sessions = sessions;
    this.context = context;
    this.callbacks = callbacks;
    this.requireOpen = requireOpen;
    this.sessionId = sessionId;
    this.producerId = producerId;
  }

  @Override
  public <T> Pending<T> pending(Function<List<AppendResult>, T> result) {
    AppendFuture<T> future = new AppendFuture<>(result, callbacks);
    return new Pending<>() {
      @Override
      public CompletableFuture<T> future() {
        return future;
      }

      @Override
      public void onCancel(Runnable withdraw) {
        future.onCancel(withdraw);
      }

      @Override
      public boolean isAbandoned() {
        return future.isAbandoned();
      }

      @Override
      public void send(List<NewEvent> events, AppendOptions options, AppendListener listener) {
        requireOpen.run();
        future.listener(listener);
        appends.appendAsync(sessionId, events, options, future);
      }

      @Override
      public void fail(SessionLogException failure) {
        future.fail(failure);
      }
    };
  }

  @Override
  public CompletableFuture<Long> lastNumber(AppendOptions options) {
    requireOpen.run();
    CompletableFuture<Long> number = new CompletableFuture<>();
    lastNumber(options, number);
    return number;
  }

  /** Needs no thread that runs callbacks: all of those may wait for what this is needed for. */
  private void lastNumber(AppendOptions options, CompletableFuture<Long> number) {
    appends
        .barrierOnWaker(sessionId, options)
        .thenCompose(passed -> sessions.head(sessionId))
        .whenComplete(
            (head, failure) -> {
              if (failure != null) {
                number.completeExceptionally(failure);
                return;
              }
              try {
                Optional<Optional<Producer.Position>> position =
                    sessions.session(sessionId).position(producerId, options.incarnation());
                if (position.isPresent()) {
                  number.complete(position.get().map(Producer.Position::producerSeq).orElse(0L));
                } else {
                  // It was evicted, or deleted, in this moment.
                  lastNumber(options, number);
                }
              } catch (RuntimeException | Error e) {
                number.completeExceptionally(e);
              }
            });
  }

  @Override
  public long nanoTime() {
    return context.waits().nanoTime();
  }

  @Override
  public void watch(LongPredicate expire) {
    context.timeouts().watch(expire::test);
  }

  @Override
  public Executor waker() {
    return context.waker();
  }
}
