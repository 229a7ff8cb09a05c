package ai.starcite.store.s3;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionPage;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoreCapabilities;
import ai.starcite.spi.StoreCapabilities.Durability;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps session logs in S3, or in a server that speaks its protocol. Any number of processes use
 * one bucket at once; none of them leads, and nothing but the bucket connects them.
 *
 * <p>Thread-safe.
 */
public final class S3SegmentStore implements SegmentStore {
  private static final int MAX_SEGMENT_BYTES = 16 << 20;

  private final ObjectClient objects;

  private S3SegmentStore(ObjectClient objects) {
    this.objects = objects;
  }

  /** A store over anything that can put if absent; it closes the client, and nothing else. */
  static S3SegmentStore over(
      ObjectClient objects,
      S3Settings settings,
      Rules rules,
      Surroundings surroundings,
      S3Notifier notifier) {
    return new S3SegmentStore(objects);
  }

  @Override
  public StoreCapabilities capabilities() {
    return new StoreCapabilities(Durability.MACHINE, true, MAX_SEGMENT_BYTES);
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey session, Segment segment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<SessionPage> list(ListRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey session) {
    throw new UnsupportedOperationException();
  }

  /**
   * Compacts all sessions, and reclaims what is no longer needed of them and of sessions that were
   * deleted. Processes that append do so too, for the sessions they append to; this reaches those
   * that nobody uses. It can be called at any time, by several processes at once, and be cut short.
   *
   * @return completes when all sessions were visited; fails with the first failure, after the
   *     others
   */
  public CompletionStage<Void> maintain() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    objects.close();
  }
}
