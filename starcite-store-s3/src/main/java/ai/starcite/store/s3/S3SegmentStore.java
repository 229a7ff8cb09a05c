package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoreCapabilities;
import ai.starcite.spi.StoreCapabilities.Durability;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.protocol.Environment;
import ai.starcite.store.s3.internal.protocol.Protocol;
import ai.starcite.store.s3.internal.protocol.ProtocolFactory;
import ai.starcite.store.s3.internal.protocol.S3Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Stores session logs in S3, or in a server that speaks its protocol. Any number of processes can
 * use one bucket at once: there is no leader, and they share nothing but the bucket.
 *
 * <p>Thread-safe.
 */
public final class S3SegmentStore implements SegmentStore {
  private static final int MAX_SEGMENT_BYTES = 16 << 20;

  private final CountedObjectClient objects;
  private final Protocol protocol;
  private final StoreCapabilities usual;
  private final StoreCapabilities whileThrottled;
  private final S3Notifier notifier;
  private volatile boolean closed;

  private S3SegmentStore(
      CountedObjectClient objects, Protocol protocol, S3Settings settings, S3Notifier notifier) {
    this.objects = objects;
    this.protocol = protocol;
    this.usual = lingering(settings.linger());
    this.whileThrottled =
        lingering(settings.linger().multipliedBy(S3Settings.LINGER_WHILE_THROTTLED));
    this.notifier = notifier;
  }

  private static StoreCapabilities lingering(Duration linger) {
    return new StoreCapabilities(Durability.MACHINE, true, MAX_SEGMENT_BYTES, linger);
  }

  /**
   * Returns a builder that opens a store.
   *
   * @return a builder with default settings
   */
  public static S3SegmentStoreBuilder builder() {
    return new S3SegmentStoreBuilder();
  }

  /** Opens a store over any object store. Closing the store closes the client, and nothing else. */
  static S3SegmentStore over(
      ObjectClient objects,
      S3Settings settings,
      ProtocolFactory factory,
      Environment environment,
      S3Notifier notifier) {
    CountedObjectClient counted = new CountedObjectClient(objects);
    Protocol protocol = factory.create(counted, settings, environment);
    return new S3SegmentStore(counted, protocol, settings, notifier);
  }

  @Override
  public StoreCapabilities capabilities() {
    return protocol.isThrottled() ? whileThrottled : usual;
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    return closed
        ? CompletableFuture.completedFuture(new Rejected(Protocol.closedFailure()))
        : protocol.create(session);
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    return read(() -> protocol.load(sessionId));
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey session, Segment segment) {
    if (closed) {
      return CompletableFuture.completedFuture(new Rejected(Protocol.closedFailure()));
    }
    if (segment.length() > MAX_SEGMENT_BYTES) {
      return CompletableFuture.completedFuture(
          new Rejected(
              new SessionLogException(
                  Code.INVALID,
                  "a segment of %d bytes; this store takes up to %d: append fewer events at a time"
                      .formatted(segment.length(), MAX_SEGMENT_BYTES))));
    }
    return protocol
        .append(session, segment)
        .thenApply(
            outcome -> {
              if (outcome instanceof AppendOutcome.Committed) {
                notifier.changed(session);
                protocol.appended(session, segment);
              }
              return outcome;
            });
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    return read(() -> protocol.read(session, fromSeq, maxBytes));
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return closed
        ? CompletableFuture.completedFuture(new Rejected(Protocol.closedFailure()))
        : protocol.update(next, expectedVersion);
  }

  @Override
  public CompletionStage<RecordPage> list(ListRequest request) {
    return read(() -> protocol.list(request));
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey session) {
    if (closed) {
      return CompletableFuture.completedFuture(new Rejected(Protocol.closedFailure()));
    }
    return protocol
        .delete(session)
        .thenApply(
            outcome -> {
              notifier.changed(session);
              return outcome;
            });
  }

  @Override
  public CompletionStage<Void> checkpoint(SessionKey session, StateCheckpoint checkpoint) {
    return read(
        () -> {
          protocol.checkpointed(session, checkpoint);
          return CompletableFuture.completedFuture(null);
        });
  }

  @Override
  public Watch watch(SessionKey session, Runnable hint) {
    Runnable end = notifier.subscribe(session, hint);
    return end::run;
  }

  /**
   * Compacts all sessions, and removes objects that are no longer needed, including those of
   * deleted sessions. Processes that append do this for the sessions that they append to; this call
   * also reaches sessions that nobody uses. It can be called at any time, by several processes at
   * once, and can be interrupted.
   *
   * @return completes when all sessions were visited; fails with the first failure, after the other
   *     sessions were visited
   */
  public CompletionStage<Void> maintain() {
    return read(() -> protocol.maintain());
  }

  /**
   * Returns how many requests this store has sent.
   *
   * @return the counts at this moment
   */
  public S3Requests requests() {
    return objects.counts();
  }

  /**
   * Closes the store and its client. Requests that are under way fail, or end with an unknown
   * outcome.
   */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      protocol.close();
    }
  }

  private <T> CompletionStage<T> read(Supplier<CompletableFuture<T>> operation) {
    return closed ? CompletableFuture.failedFuture(Protocol.closedFailure()) : operation.get();
  }
}
