package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectClient.Got;
import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.client.ObjectClient.Put;
import ai.starcite.store.s3.internal.client.ObjectException;
import ai.starcite.store.s3.internal.client.Retry;
import ai.starcite.store.s3.internal.format.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, and retries those without an answer after growing pauses. A retry sends the same
 * bytes, which is what resolves a put with an unknown outcome. Thread-safe.
 */
class Requests {
  private static final int PAGE = 1_000;
  private static final int DELETED_AT_ONCE = 1_000;

  /**
   * How often an object is read if its bytes make no sense: they may have been truncated in
   * transit.
   */
  private static final int READS = 2;

  private final ObjectClient objects;
  private final Retry retry;
  private final Environment environment;
  private final Throttling throttling;
  private volatile boolean closed;

  Requests(ObjectClient objects, Retry retry, Environment environment) {
    this.objects = objects;
    this.retry = retry;
    this.environment = environment;
    this.throttling = new Throttling(environment.nanoTime());
  }

  /** Returns whether the server throttles requests. */
  Throttling throttling() {
    return throttling;
  }

  /**
   * Puts if absent. A failure of kind {@code REFUSED} means that no attempt had an effect, or will.
   */
  CompletableFuture<Put> put(String key, byte[] bytes) {
    return new Attempts<>(() -> objects.putIfAbsent(key, bytes)).start();
  }

  CompletableFuture<Got> get(String key) {
    return new Attempts<>(() -> objects.get(key)).start();
  }

  /**
   * An object that was read and decoded.
   *
   * @param value the object, or empty if there is none
   * @param date the server's time when it answered, or null
   */
  record Decoded<T>(Optional<T> value, @Nullable Instant date) {}

  /** Reads and decodes an object; fails with {@code CORRUPT} if its bytes make no sense. */
  <T> CompletableFuture<Decoded<T>> read(String key, Function<byte[], T> decoding) {
    return read(key, decoding, READS);
  }

  private <T> CompletableFuture<Decoded<T>> read(
      String key, Function<byte[], T> decoding, int reads) {
    return get(key)
        .thenCompose(
            got -> {
              byte[] bytes = got.bytes();
              if (bytes == null) {
                return done(new Decoded<T>(Optional.empty(), got.date()));
              }
              try {
                return done(new Decoded<>(Optional.of(decoding.apply(bytes)), got.date()));
              } catch (SessionLogException e) {
                return reads > 1
                    ? read(key, decoding, reads - 1)
                    : CompletableFuture.<Decoded<T>>failedFuture(e);
              }
            });
  }

  /**
   * A listing of the store's own objects; others are skipped.
   *
   * @param objects in the order of their keys
   * @param more whether there are keys after the last one
   * @param began the server's time at the first answer, or null if it did not say
   * @param ended the server's time at the last answer, or null if it did not say
   */
  record Listed(
      List<Listing> objects, boolean more, @Nullable Instant began, @Nullable Instant ended) {}

  /**
   * Lists a page, with at least one key unless there are no more.
   *
   * @param limit how many keys are requested; more, if none of them is the store's
   */
  CompletableFuture<Listed> list(String prefix, String after, int limit) {
    return new Pages(prefix, after).next(limit);
  }

  /**
   * Lists page by page.
   *
   * @param wanted ends the listing at the first key for which it is false
   * @return all wanted objects
   */
  CompletableFuture<Listed> listWhile(String prefix, String after, Predicate<Listing> wanted) {
    Pages pages = new Pages(prefix, after);
    List<Listing> found = new ArrayList<>();
    return Loop.until(
        () ->
            pages
                .next(PAGE)
                .thenApply(
                    page -> {
                      boolean more = page.more();
                      for (Listing each : page.objects()) {
                        if (!wanted.test(each)) {
                          more = false;
                          break;
                        }
                        found.add(each);
                      }
                      return more
                          ? Optional.empty()
                          : Optional.of(new Listed(found, false, page.began(), page.ended()));
                    }));
  }

  CompletableFuture<Void> delete(List<String> keys) {
    CompletableFuture<Void> deleted = done(null);
    for (int i = 0; i < keys.size(); i += DELETED_AT_ONCE) {
      List<String> some = keys.subList(i, Math.min(keys.size(), i + DELETED_AT_ONCE));
      deleted = deleted.thenCompose(before -> new Attempts<>(() -> objects.delete(some)).start());
    }
    return deleted;
  }

  boolean isClosed() {
    return closed;
  }

  /** Fails all later requests, and those that wait for a retry. */
  void close() {
    closed = true;
    objects.close();
  }

  static <T> CompletableFuture<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  /** Returns what a stage really failed with. */
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Returns whether a write that failed this way had no effect and never will. */
  static boolean isRefusal(Throwable failure) {
    return cause(failure) instanceof ObjectException object
        && object.kind() == ObjectException.Kind.REFUSED;
  }

  private <T> CompletableFuture<T> send(Supplier<CompletionStage<T>> request) {
    if (closed) {
      return CompletableFuture.failedFuture(Protocol.closedFailure());
    }
    try {
      return request.get().toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A listing in progress. */
  private final class Pages {
    private final String prefix;
    private String after;
    private boolean begun;
    private @Nullable Instant began;

    Pages(String prefix, String after) {
      this.prefix = prefix;
      this.after = after;
    }

    /** Returns the next page with anything in it, or the end. */
    CompletableFuture<Listed> next(int limit) {
      int[] most = {limit};
      return Loop.until(
          () ->
              new Attempts<>(() -> objects.list(prefix, after, most[0]))
                  .start()
                  .thenApply(
                      page -> {
                        most[0] = PAGE;
                        return own(page);
                      }));
    }

    private Optional<Listed> own(ObjectClient.Listed page) {
      if (!begun) {
        begun = true;
        began = page.date();
      }
      List<Listing> all = page.objects();
      boolean more = page.more() && !all.isEmpty();
      if (more) {
        after = all.get(all.size() - 1).key();
      }
      List<Listing> own = all.stream().filter(each -> Keys.isKey(each.key())).toList();
      return own.isEmpty() && more
          ? Optional.empty()
          : Optional.of(new Listed(own, more, began, page.date()));
    }
  }

  /** One request with its retries. */
  private final class Attempts<T> {
    private final Supplier<CompletionStage<T>> request;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private int sent;

    Attempts(Supplier<CompletionStage<T>> request) {
      this.request = request;
    }

    CompletableFuture<T> start() {
      attempt();
      return result;
    }

    private void attempt() {
      sent++;
      send(request)
          .whenComplete(
              (answer, failure) -> {
                if (failure == null) {
                  result.complete(answer);
                } else {
                  failed(cause(failure));
                }
              });
    }

    private void failed(Throwable failure) {
      ObjectException known = failure instanceof ObjectException object ? object : null;
      if (known != null && known.kind() == ObjectException.Kind.BUSY) {
        throttling.note();
      }
      if (known != null && known.isRetryable() && sent < retry.attempts() && !closed) {
        later();
      } else if (isRefusal(failure) && sent > 1) {
        // An earlier attempt may have had its effect.
        result.completeExceptionally(
            new ObjectException(ObjectException.Kind.UNKNOWN, failure.getMessage(), failure));
      } else {
        result.completeExceptionally(failure);
      }
    }

    private void later() {
      long pause =
          Math.min(retry.longest().toNanos(), retry.first().toNanos() << Math.min(sent - 1, 20));
      long jittered = pause / 2 + environment.random().nextLong(pause / 2 + 1);
      try {
        environment.scheduler().schedule(this::attempt, jittered, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        result.completeExceptionally(Protocol.closedFailure());
      }
    }
  }
}
