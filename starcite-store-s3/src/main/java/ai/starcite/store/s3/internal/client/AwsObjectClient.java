package ai.starcite.store.s3.internal.client;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Reaches an object store through the AWS SDK. Each request has its own timeout, whatever the SDK's
 * client is set to. No call blocks, and callbacks run on the store's threads, not on the SDK's.
 */
public final class AwsObjectClient implements ObjectClient {
  /**
   * How many objects are deleted at once, with one request each. A request that deletes many would
   * need a checksum that not all servers know, and would report failures without a status;
   * deletions are free.
   */
  private static final int DELETES_AT_ONCE = 16;

  private static final int WHOLE = 200;
  private static final int NO_CONTENT = 204;

  private static final String CLOSED = "the store was closed";

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private final S3AsyncClient s3;
  private final BucketPlace place;
  private final Duration timeout;
  private final S3Threads threads;
  private final Runnable release;
  private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Makes a client. Closing it ends the threads.
   *
   * @param timeout how long a request may take
   * @param release runs when the client is closed, before the threads end
   */
  public AwsObjectClient(
      S3AsyncClient s3, BucketPlace place, Duration timeout, S3Threads threads, Runnable release) {
    this.s3 = s3;
    this.place = place;
    this.timeout = timeout;
    this.threads = threads;
    this.release = release;
  }

  public BucketPlace place() {
    return place;
  }

  public S3Threads threads() {
    return threads;
  }

  @Override
  public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
    String request = "PUT " + place + key;
    return send(
        request,
        () ->
            s3.putObject(
                put -> put.bucket(place.bucket()).key(place.key(key)).ifNoneMatch("*"),
                AsyncRequestBody.fromBytesUnsafe(bytes)),
        response -> {
          requireETag(request, response.eTag());
          return new Put(true, AwsError.date(response.sdkHttpResponse()));
        },
        error -> error.isTaken() ? new Put(false, error.date()) : null);
  }

  @Override
  public CompletionStage<Got> get(String key) {
    String request = "GET " + place + key;
    return send(
        request,
        () ->
            s3.getObject(
                get -> get.bucket(place.bucket()).key(place.key(key)),
                AsyncResponseTransformer.toBytes()),
        response -> got(request, response),
        error -> error.isAbsent() ? new Got(null, error.date()) : null);
  }

  /**
   * Requires an ETag: a server or proxy may answer an error with status 200, and then there is
   * none.
   */
  private static void requireETag(String request, @Nullable String eTag) {
    if (eTag == null || eTag.isBlank()) {
      throw broken(request, "it was answered as done, but without an ETag");
    }
  }

  /** Requires the announced length: otherwise a truncated object would pass for a whole one. */
  private static Got got(String request, ResponseBytes<GetObjectResponse> arrived) {
    requireETag(request, arrived.response().eTag());
    int status = arrived.response().sdkHttpResponse().statusCode();
    if (status != WHOLE) {
      throw broken(request, "the answer is " + status + ", which is not the whole object");
    }
    byte[] bytes = arrived.asByteArrayUnsafe();
    Long announced = arrived.response().contentLength();
    if (announced == null || announced != bytes.length) {
      throw broken(request, bytes.length + " of " + announced + " announced bytes arrived");
    }
    return new Got(bytes, AwsError.date(arrived.response().sdkHttpResponse()));
  }

  private static ObjectException broken(String request, String how) {
    return new ObjectException(ObjectException.Kind.UNKNOWN, request + " failed: " + how, null);
  }

  @Override
  public CompletionStage<Listed> list(String prefix, String after, int limit) {
    String request = "LIST " + place + prefix;
    return send(
        request,
        () ->
            s3.listObjectsV2(
                list ->
                    list.bucket(place.bucket())
                        .prefix(place.key(prefix))
                        .startAfter(after.isEmpty() ? null : place.key(after))
                        .maxKeys(limit)),
        page -> listed(request, page),
        error -> null);
  }

  private Listed listed(String request, ListObjectsV2Response page) {
    Boolean more = page.isTruncated();
    if (more == null) {
      throw broken(request, "the answer is no listing");
    }
    List<Listing> objects = page.contents().stream().map(each -> listing(request, each)).toList();
    return new Listed(objects, more, AwsError.date(page.sdkHttpResponse()));
  }

  private Listing listing(String request, S3Object listed) {
    if (listed.key() == null || listed.size() == null || listed.lastModified() == null) {
      throw broken(request, "a key is listed without its size, or its time");
    }
    return new Listing(place.below(listed.key()), listed.size(), listed.lastModified());
  }

  @Override
  public CompletionStage<Void> delete(List<String> keys) {
    CompletableFuture<Void> deleted = new CompletableFuture<>();
    CompletableFuture<?>[] lanes = new CompletableFuture<?>[Math.min(DELETES_AT_ONCE, keys.size())];
    for (int lane = 0; lane < lanes.length; lane++) {
      lanes[lane] = deleteEach(keys, lane).toCompletableFuture();
    }
    CompletableFuture.allOf(lanes)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                deleted.complete(null);
              } else {
                deleted.completeExceptionally(failure.getCause());
              }
            });
    return deleted;
  }

  /** Deletes every {@link #DELETES_AT_ONCE}-th key, starting with this one. */
  private CompletionStage<Void> deleteEach(List<String> keys, int number) {
    if (number >= keys.size()) {
      return CompletableFuture.completedStage(null);
    }
    return deleteOne(keys.get(number))
        .thenCompose(done -> deleteEach(keys, number + DELETES_AT_ONCE));
  }

  private CompletionStage<Boolean> deleteOne(String key) {
    String request = "DELETE " + place + key;
    return send(
        request,
        () -> s3.deleteObject(delete -> delete.bucket(place.bucket()).key(place.key(key))),
        response -> {
          SdkHttpResponse answer = response.sdkHttpResponse();
          boolean isEmpty =
              answer.firstMatchingHeader("Content-Length").filter("0"::equals).isPresent();
          if (answer.statusCode() != NO_CONTENT && !isEmpty) {
            throw broken(request, "it was answered as done, but with content");
          }
          return true;
        },
        error -> error.isAbsent() ? true : null);
  }

  /**
   * Sends a request.
   *
   * @param answered makes the result from an answer
   * @param failed makes the result from an error that is a valid answer too, or returns null
   */
  private <R, T> CompletionStage<T> send(
      String request,
      Supplier<CompletableFuture<R>> call,
      Function<R, T> answered,
      Function<AwsError, @Nullable T> failed) {
    CompletableFuture<T> result = new CompletableFuture<>();
    CompletableFuture<R> underWay = new CompletableFuture<>();
    pending.add(underWay);
    if (closed) {
      withdraw(underWay);
    }
    Future<?> end = endInTime(underWay);
    // Not on the caller's thread: the SDK may wait for credentials, and reacts to interrupts.
    threads.answers().execute(() -> start(call, underWay));
    underWay.whenCompleteAsync(
        (response, failure) -> {
          end.cancel(false);
          pending.remove(underWay);
          try {
            T answer =
                failure == null ? answered.apply(response) : failed.apply(AwsError.of(failure));
            if (answer == null) {
              throw AwsError.of(failure).failing(request);
            }
            result.complete(answer);
          } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
          }
        },
        threads.answers());
    return result;
  }

  /** Starts the request. The SDK cancels it when its future is completed from outside. */
  private static <R> void start(
      Supplier<CompletableFuture<R>> call, CompletableFuture<R> underWay) {
    if (underWay.isDone()) {
      return;
    }
    CompletableFuture<R> sent;
    try {
      sent = call.get();
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedFuture(e);
    }
    CompletableFuture<R> atSdk = sent;
    atSdk.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            underWay.complete(response);
          } else {
            underWay.completeExceptionally(failure);
          }
        });
    underWay.whenComplete(
        (response, failure) -> {
          if (failure != null) {
            atSdk.completeExceptionally(failure);
          }
        });
  }

  private Future<?> endInTime(CompletableFuture<?> underWay) {
    try {
      return threads
          .timer()
          .schedule(
              () -> underWay.completeExceptionally(new TimeoutException("no answer in " + timeout)),
              timeout.toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      withdraw(underWay);
      return underWay;
    }
  }

  private static void withdraw(CompletableFuture<?> underWay) {
    underWay.completeExceptionally(new CancellationException(CLOSED));
  }

  /**
   * Closes the client. Waits briefly for requests under way, unless on one of its own threads, and
   * cancels the rest.
   */
  @Override
  public void close() {
    closed = true;
    if (!threads.areCurrent()) {
      awaitPending();
    }
    pending.forEach(AwsObjectClient::withdraw);
    try {
      release.run();
    } finally {
      threads.end();
    }
  }

  private void awaitPending() {
    CompletableFuture<?> ended =
        CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new))
            .handle((done, failure) -> done);
    try {
      ended.get(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("a failure was handled", e);
    } catch (TimeoutException e) {
      // They are cancelled next.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
