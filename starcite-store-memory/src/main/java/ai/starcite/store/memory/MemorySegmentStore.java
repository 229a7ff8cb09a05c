package ai.starcite.store.memory;

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
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Keeps sessions in the memory of this process, and behaves like any other store but for
 * durability: what it holds is gone with it. For tests and prototypes; nothing bounds what it
 * keeps.
 *
 * <p>A log closes its store by default. To see a log restart on the same sessions, open both logs
 * with {@code closesStore(false)}.
 *
 * <p>Thread-safe.
 */
public final class MemorySegmentStore implements SegmentStore {
  private static final int MAX_SEGMENT_BYTES = 64 << 20;

  private final StoreCapabilities capabilities;
  private final ConcurrentSkipListMap<String, MemorySession> sessions =
      new ConcurrentSkipListMap<>(CodePointOrder.INSTANCE);
  private volatile boolean closed;

  private MemorySegmentStore(boolean shared) {
    this.capabilities = new StoreCapabilities(Durability.NONE, shared, MAX_SEGMENT_BYTES);
  }

  /**
   * Makes an empty store for one log at a time.
   *
   * @return the store
   */
  public static MemorySegmentStore open() {
    return new MemorySegmentStore(false);
  }

  /**
   * Makes an empty store that several logs may use at once, as if they were processes that share
   * it.
   *
   * @return the store
   */
  public static MemorySegmentStore openShared() {
    return new MemorySegmentStore(true);
  }

  @Override
  public StoreCapabilities capabilities() {
    return capabilities;
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    if (closed) {
      return done(new Rejected(closedFailure()));
    }
    MemorySession made = new MemorySession(session);
    MemorySession existing = sessions.putIfAbsent(session.key().id(), made);
    return done(
        existing == null
            ? new CreateOutcome.Created()
            : new CreateOutcome.Exists(existing.record()));
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    return read(() -> Optional.ofNullable(sessions.get(sessionId)).map(MemorySession::stored));
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey key, Segment segment) {
    if (closed) {
      return done(new Rejected(closedFailure()));
    }
    if (segment.length() > MAX_SEGMENT_BYTES) {
      return done(
          new Rejected(
              new SessionLogException(
                  Code.INVALID,
                  "a segment of %d bytes; this store takes up to %d: append fewer events at a time"
                      .formatted(segment.length(), MAX_SEGMENT_BYTES))));
    }
    return done(
        find(key)
            .map(session -> session.append(segment))
            .orElseGet(() -> new AppendOutcome.Gone()));
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey key, long fromSeq, int maxBytes) {
    return read(
        () ->
            find(key)
                .<ReadOutcome>map(session -> session.read(fromSeq, maxBytes))
                .orElseGet(ReadOutcome.Gone::new));
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    if (closed) {
      return done(new Rejected(closedFailure()));
    }
    return done(
        find(next.key())
            .map(session -> session.update(next, expectedVersion))
            .orElseGet(UpdateOutcome.Gone::new));
  }

  @Override
  public CompletionStage<RecordPage> list(ListRequest request) {
    return read(() -> page(request));
  }

  private RecordPage page(ListRequest request) {
    String prefix = request.prefix();
    String after = request.after().orElse("");
    boolean fromPrefix = CodePointOrder.INSTANCE.compare(prefix, after) > 0;
    NavigableMap<String, MemorySession> rest =
        sessions.tailMap(fromPrefix ? prefix : after, fromPrefix);
    List<SessionRecord> records = new ArrayList<>();
    for (MemorySession session : rest.values()) {
      SessionRecord record = session.record();
      if (!record.key().id().startsWith(prefix)) {
        break;
      }
      if (records.size() == request.limit()) {
        String last = records.get(records.size() - 1).key().id();
        return new RecordPage(List.copyOf(records), Optional.of(last));
      }
      records.add(record);
    }
    return new RecordPage(List.copyOf(records), Optional.empty());
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey key) {
    if (closed) {
      return done(new Rejected(closedFailure()));
    }
    Optional<MemorySession> session = find(key);
    if (session.isEmpty() || !sessions.remove(key.id(), session.get())) {
      return done(new DeleteOutcome.Gone());
    }
    session.get().delete();
    return done(new DeleteOutcome.Deleted());
  }

  @Override
  public CompletionStage<Void> checkpoint(SessionKey key, StateCheckpoint checkpoint) {
    find(key).ifPresent(session -> session.keep(checkpoint));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Watch watch(SessionKey key, Runnable hint) {
    Optional<MemorySession> session = find(key);
    session.ifPresent(each -> each.watch(hint));
    return () -> session.ifPresent(each -> each.unwatch(hint));
  }

  /** Lets go of all sessions. */
  @Override
  public void close() {
    closed = true;
    sessions.clear();
  }

  private Optional<MemorySession> find(SessionKey key) {
    return Optional.ofNullable(sessions.get(key.id())).filter(session -> session.key().equals(key));
  }

  private <T> CompletionStage<T> read(Supplier<T> result) {
    return closed ? CompletableFuture.failedFuture(closedFailure()) : done(result.get());
  }

  private static <T> CompletionStage<T> done(T outcome) {
    return CompletableFuture.completedFuture(outcome);
  }

  private static SessionLogException closedFailure() {
    return new SessionLogException(Code.CLOSED, "the memory store is closed; open another one");
  }
}
