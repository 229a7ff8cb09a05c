package ai.starcite.store.rocksdb;

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
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Keeps sessions in a directory of the local disk, with RocksDB: the store for a program of one
 * process. An acknowledged write has been synced; one sync serves all sessions that write at the
 * same time. Lists sessions in the order of their ids' UTF-8 bytes.
 *
 * <p>A directory is used by one store of one process at a time. Memory is bounded by {@link
 * RocksDbSegmentStoreBuilder}, whatever the number of sessions and events.
 *
 * <p>After a write has failed, such as on a full disk, reading goes on; writes are refused until
 * the cause is gone, and then work again without a restart.
 *
 * <p>Thread-safe.
 */
public final class RocksDbSegmentStore implements SegmentStore {
  private static final int MAX_SEGMENT_BYTES = 64 * 1024 * 1024;
  private static final StoreCapabilities CAPABILITIES =
      new StoreCapabilities(Durability.MACHINE, false, MAX_SEGMENT_BYTES);

  /** A write that takes less is worth doing on the thread of a caller who waits for it. */
  private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final CommandQueue queue = new CommandQueue();
  private final Unsettled unsettled = new Unsettled();
  private final Lists lists = new Lists();
  private final DatabaseAccess access;
  private final Committer committer;
  private final StoreThreads threads;

  private RocksDbSegmentStore(DatabaseAccess access, RocksDbOptions options) {
    this.access = access;
    this.committer = new Committer(queue, access, unsettled, FAST_NANOS);
    this.threads = new StoreThreads(options.readerThreads());
  }

  /**
   * Opens the store of a directory with the default settings. Creates the directory, parents
   * included, if it is not there.
   *
   * @param directory where the sessions are kept; nothing else belongs there
   * @return the open store
   * @throws SessionLogException {@code INVALID} if the directory is not one of Starcite's, holds
   *     other files, may not be used, or was written by a newer version; {@code STORE_UNAVAILABLE}
   *     if it is open already, or its disk does not work; {@code CORRUPT} if it is damaged so that
   *     acknowledged events could be missing
   */
  public static RocksDbSegmentStore open(Path directory) {
    return open(directory, RocksDbOptions.defaults());
  }

  /**
   * Prepares the store of a directory.
   *
   * @param directory where the sessions are kept; nothing else belongs there
   * @return a builder with default settings
   */
  public static RocksDbSegmentStoreBuilder builder(Path directory) {
    return new RocksDbSegmentStoreBuilder(directory);
  }

  static RocksDbSegmentStore open(Path directory, RocksDbOptions options) {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(options, "options");
    DatabaseAccess access = DatabaseAccess.open(directory, options);
    boolean started = false;
    try {
      RocksDbSegmentStore store = new RocksDbSegmentStore(access, options);
      store.threads.start(store.committer, access::close);
      started = true;
      return store;
    } finally {
      if (!started) {
        access.close();
      }
    }
  }

  @Override
  public StoreCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    Objects.requireNonNull(session, "session");
    return enqueue(new CreateCommand(session));
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    Objects.requireNonNull(sessionId, "sessionId");
    return threads.read(() -> access.read(database -> Reads.load(database, sessionId)));
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey session, Segment segment) {
    return append(session, segment, false);
  }

  /** Writes on the calling thread if nobody else is writing, and the disk is fast. */
  @Override
  public CompletionStage<AppendOutcome> appendBlocking(SessionKey session, Segment segment) {
    return append(session, segment, true);
  }

  private CompletionStage<AppendOutcome> append(
      SessionKey session, Segment segment, boolean blocking) {
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(segment, "segment");
    if (segment.length() > MAX_SEGMENT_BYTES) {
      return CompletableFuture.completedFuture(
          new Rejected(
              new SessionLogException(
                  Code.INVALID,
                  "a segment of %d bytes; this store takes up to %d: append fewer events at a time"
                      .formatted(segment.length(), MAX_SEGMENT_BYTES))));
    }
    AppendCommand command = new AppendCommand(session, segment);
    return blocking && committer.carryOut(command) ? command.stage() : enqueue(command);
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    Objects.requireNonNull(session, "session");
    return threads.read(
        () -> access.read(database -> Reads.read(database, session, fromSeq, maxBytes)));
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    Objects.requireNonNull(next, "next");
    return enqueue(new UpdateCommand(next, expectedVersion));
  }

  @Override
  public CompletionStage<RecordPage> list(ListRequest request) {
    Objects.requireNonNull(request, "request");
    return threads.list(
        () -> {
          RecordPage page = access.read(database -> lists.page(database, request));
          if (lists.wasSlow()) {
            // After this page is answered; if the store is being closed, it is not done.
            threads.list(() -> access.read(lists::compact));
          }
          return page;
        });
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey session) {
    Objects.requireNonNull(session, "session");
    return enqueue(new DeleteCommand(session));
  }

  /**
   * Keeps a checkpoint. It is written together with the next append of any session, or after a
   * second without one, so that the process's death may lose it.
   */
  @Override
  public CompletionStage<Void> checkpoint(SessionKey session, StateCheckpoint checkpoint) {
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(checkpoint, "checkpoint");
    return enqueue(new CheckpointCommand(session, checkpoint)).thenAccept(done -> {});
  }

  private <O> CompletionStage<O> enqueue(Command<O> command) {
    if (!queue.offer(command)) {
      command.fail(Failures.closed(), unsettled);
      command.complete(unsettled);
    }
    return command.stage();
  }

  /**
   * Refuses new calls, carries out the writes that were accepted, and releases everything; returns
   * when that is done. On a thread of the store, that is in what is attached to one of its stages,
   * it returns at once.
   */
  @Override
  public void close() {
    queue.close();
    access.hurry();
    threads.end();
  }
}
