package ai.starcite.testkit;

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
import ai.starcite.testkit.BrokenDisk.Life;
import ai.starcite.testkit.contract.StoreData;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A small, sound store in memory that outlives itself, but for one defect. */
final class BrokenStore implements SegmentStore {
  private static final int MAX_SEGMENT_BYTES = 16 << 20;

  private final BrokenDisk disk;
  private final StoreDefect defect;
  private final Set<String> absent = ConcurrentHashMap.newKeySet();
  private final Set<String> atHead = ConcurrentHashMap.newKeySet();
  private final Object queue = new Object();
  private volatile boolean closed;

  BrokenStore(Namespace namespace, StoreDefect defect) {
    this.disk = BrokenDisk.of(namespace);
    this.defect = defect;
    disk.open(defect);
  }

  private boolean has(StoreDefect other) {
    return defect == other;
  }

  void crash() {
    closed = true;
    disk.crash(defect);
  }

  @Override
  public StoreCapabilities capabilities() {
    return new StoreCapabilities(Durability.MACHINE, false, MAX_SEGMENT_BYTES);
  }

  private String name(String id) {
    return switch (defect) {
      case IDS_FOLD_CASE -> id.toLowerCase(Locale.ROOT);
      case IDS_CUT -> id.substring(0, Math.min(id.length(), 200));
      case IDS_NORMALISED -> Normalizer.normalize(id, Normalizer.Form.NFC);
      default -> id;
    };
  }

  private @Nullable Life find(SessionKey key, StoreDefect ignoringEpoch) {
    Life life = disk.lives.get(name(key.id()));
    return life == null || life.record.key().equals(key) || has(ignoringEpoch) ? life : null;
  }

  /** Does a write, unless the store is closed. */
  private <T> CompletionStage<T> write(Function<Throwable, T> rejected, Supplier<T> write) {
    if (closed && !has(StoreDefect.CLOSED_STILL_ACCEPTS)) {
      return done(rejected.apply(closedFailure()));
    }
    synchronized (disk) {
      return done(write.get());
    }
  }

  private <T> CompletionStage<T> read(Supplier<T> read) {
    if (closed && !has(StoreDefect.CLOSED_STILL_READS)) {
      return CompletableFuture.failedFuture(closedFailure());
    }
    if (has(StoreDefect.READ_WITHOUT_LOCK)) {
      return done(read.get());
    }
    synchronized (disk) {
      return done(read.get());
    }
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private static SessionLogException closedFailure() {
    return new SessionLogException(Code.CLOSED, "the store is closed");
  }

  /** Looks at something in a step of its own, if that is what is wrong, and lets others go on. */
  private boolean lookApart(StoreDefect apart, Supplier<Boolean> look) {
    boolean seen;
    if (!has(apart)) {
      return false;
    }
    synchronized (disk) {
      seen = look.get();
    }
    letOthersGoOn();
    return seen;
  }

  private static void letOthersGoOn() {
    for (int i = 0; i < 50; i++) {
      Thread.yield();
    }
  }

  @Override
  public CompletionStage<CreateOutcome> create(SessionRecord session) {
    String name = name(session.key().id());
    boolean free = lookApart(StoreDefect.CREATE_JUDGED_APART, () -> !disk.lives.containsKey(name));
    return write(
        Rejected::new,
        () -> {
          Life there = disk.lives.get(name);
          if (there != null && !free) {
            boolean own = there.record.key().equals(session.key());
            return new CreateOutcome.Exists(
                own && has(StoreDefect.OWN_CREATE_TAKEN_FOR_ANOTHERS)
                    ? StoreData.record(StoreData.key(session.key().id(), 99))
                    : there.record);
          }
          Life life = new Life(session);
          Life before = disk.deleted.get(name);
          if (before != null && has(StoreDefect.DELETE_LEAVES_SEGMENTS)) {
            life.segments.putAll(before.segments);
            life.nextSeq = before.nextSeq;
          } else if (before != null && has(StoreDefect.CHECKPOINT_OF_ANOTHER_LIFE)) {
            life.checkpoint = before.checkpoint;
          }
          disk.lives.put(name, life);
          if (before != null && has(StoreDefect.OLD_LIFE_READ_BY_NEXT)) {
            life.old = before;
          }
          return new CreateOutcome.Created();
        });
  }

  @Override
  public CompletionStage<Optional<StoredSession>> load(String sessionId) {
    if (has(StoreDefect.LOAD_REMEMBERS_ABSENCE) && absent.remove(sessionId)) {
      return done(Optional.empty());
    }
    return read(
        () ->
            found(sessionId)
                .map(
                    life ->
                        new StoredSession(
                            life.record, life.nextSeq, Optional.ofNullable(life.checkpoint))));
  }

  private Optional<Life> found(String sessionId) {
    Optional<Life> life = Optional.ofNullable(disk.lives.get(name(sessionId)));
    if (life.isEmpty()) {
      absent.add(sessionId);
    }
    return life;
  }

  @Override
  public CompletionStage<AppendOutcome> append(SessionKey session, Segment segment) {
    if (has(StoreDefect.CLOSE_DROPS_QUEUE)) {
      return queued(() -> write(Rejected::new, () -> append(session, segment, false, false)));
    }
    boolean next =
        lookApart(
            StoreDefect.CONFLICT_JUDGED_APART,
            () -> find(session, defect) != null && nextIs(session, segment.firstSeq()));
    boolean open =
        lookApart(
            StoreDefect.SEAL_JUDGED_APART,
            () -> find(session, defect) != null && !find(session, defect).record.sealed());
    return write(Rejected::new, () -> append(session, segment, next, open));
  }

  private boolean nextIs(SessionKey session, long seq) {
    return find(session, defect).nextSeq == seq;
  }

  private AppendOutcome append(SessionKey session, Segment segment, boolean next, boolean open) {
    Life life = find(session, StoreDefect.EPOCH_IGNORED);
    if (life == null) {
      return new AppendOutcome.Gone();
    }
    if (segment.length() > MAX_SEGMENT_BYTES && !has(StoreDefect.LONGER_SEGMENTS_TAKEN)) {
      return new Rejected(new SessionLogException(Code.INVALID, "too long"));
    }
    Segment there = life.segments.get(segment.firstSeq());
    if (there != null && there.token().equals(segment.token())) {
      if (has(StoreDefect.REPEATED_APPEND_STORED_TWICE)) {
        life.segments.put(life.nextSeq, segment);
        life.nextSeq += segment.count();
      }
      if (has(StoreDefect.REPEATED_APPEND_MOVES_HEAD)) {
        life.nextSeq += segment.count();
      }
      life.repeated += segment.count();
      return new AppendOutcome.Committed();
    }
    if (segment.firstSeq() != life.nextSeq && !next && !has(StoreDefect.CONFLICT_IGNORED)) {
      return new AppendOutcome.Conflict(life.nextSeq);
    }
    if (life.record.sealed() && !open && !has(StoreDefect.APPEND_AFTER_SEAL)) {
      return new AppendOutcome.Sealed();
    }
    if (has(StoreDefect.READ_WITHOUT_LOCK)) {
      life.nextSeq = segment.nextSeq();
      letOthersGoOn();
    }
    life.segments.put(segment.firstSeq(), segment);
    life.nextSeq = segment.nextSeq();
    disk.unsynced.add(life);
    if (segment.seals() && !has(StoreDefect.SEAL_WITHOUT_RECORD)) {
      SessionRecord sealed = life.record.sealedBy(segment);
      life.record = has(StoreDefect.SEAL_KEEPS_VERSION) ? with(sealed, 1, true) : sealed;
    }
    return new AppendOutcome.Committed();
  }

  /** Answers from a queue, which a thread works through, and forgets what is left when closed. */
  private CompletionStage<AppendOutcome> queued(Supplier<CompletionStage<AppendOutcome>> write) {
    CompletableFuture<AppendOutcome> answer = new CompletableFuture<>();
    Thread worker =
        new Thread(
            () -> {
              synchronized (queue) {
                letOthersGoOn();
                if (!closed) {
                  write.get().thenAccept(answer::complete);
                }
              }
            });
    worker.setDaemon(true);
    worker.start();
    return answer;
  }

  @Override
  public CompletionStage<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    return read(
        () -> {
          Life life = find(session, StoreDefect.READ_IGNORES_EPOCH);
          if (life == null) {
            return new ReadOutcome.Gone();
          }
          String place = session.incarnation() + fromSeq;
          if (has(StoreDefect.STALE_READ_AT_HEAD) && atHead.remove(place)) {
            return new ReadOutcome.Segments(List.of());
          }
          List<Segment> read = segments(life.old == null ? life : life.old, fromSeq, maxBytes);
          if (has(StoreDefect.STALE_READ_AT_HEAD) && read.isEmpty()) {
            atHead.add(place);
          }
          return new ReadOutcome.Segments(broken(read));
        });
  }

  private List<Segment> segments(Life life, long fromSeq, int maxBytes) {
    Map.Entry<Long, Segment> first = life.segments.floorEntry(fromSeq);
    List<Segment> read = new ArrayList<>();
    boolean isHead = fromSeq >= life.nextSeq && !has(StoreDefect.READ_REPEATS_AT_HEAD);
    if (first == null || (isHead && !first.getKey().equals(fromSeq))) {
      return read;
    }
    long bytes = 0;
    boolean later = has(StoreDefect.READ_OFF_BY_ONE);
    for (Segment segment : life.segments.tailMap(first.getKey(), !later).values()) {
      bytes += segment.length();
      boolean one = read.isEmpty() && !has(StoreDefect.READ_WITHIN_BYTES_ONLY);
      if (!one && bytes > maxBytes) {
        break;
      }
      read.add(segment);
    }
    return read;
  }

  private List<Segment> broken(List<Segment> read) {
    if (has(StoreDefect.READ_REVERSED)) {
      Collections.reverse(read);
    } else if (has(StoreDefect.READ_SKIPS) && read.size() > 1) {
      read.remove(1);
    } else if (has(StoreDefect.SEAL_WITHOUT_EVENTS_UNREAD)) {
      read.removeIf(each -> each.count() == 0);
    } else if (has(StoreDefect.BYTES_ALTERED) && !read.isEmpty()) {
      byte[] bytes = read.get(0).bytes().clone();
      bytes[bytes.length - 1] ^= 1;
      read.set(0, Segment.of(bytes));
    }
    return read;
  }

  @Override
  public CompletionStage<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    boolean matches =
        lookApart(
            StoreDefect.UPDATE_JUDGED_APART,
            () -> find(next.key(), defect).record.version() == expectedVersion);
    return write(
        Rejected::new,
        () -> {
          Life life = find(next.key(), StoreDefect.EPOCH_IGNORED);
          if (life == null) {
            return new UpdateOutcome.Gone();
          }
          if (life.record.token().equals(next.token())) {
            if (has(StoreDefect.REPEATED_UPDATE_RAISES_VERSION)) {
              life.record = with(life.record, life.record.version() + 1, life.record.sealed());
            }
            return new UpdateOutcome.Updated();
          }
          if (life.record.version() != expectedVersion
              && !matches
              && !has(StoreDefect.UPDATE_UNCHECKED)) {
            return new UpdateOutcome.Conflict(life.record);
          }
          life.record = has(StoreDefect.UPDATE_UNSEALS) ? with(next, next.version(), false) : next;
          return new UpdateOutcome.Updated();
        });
  }

  private static SessionRecord with(SessionRecord r, long version, boolean sealed) {
    return new SessionRecord(
        r.key(),
        r.title(),
        r.metadata(),
        r.createdAt(),
        r.updatedAt(),
        version,
        r.archived(),
        sealed,
        r.token());
  }

  @Override
  public CompletionStage<RecordPage> list(ListRequest request) {
    return read(() -> page(request));
  }

  private RecordPage page(ListRequest request) {
    List<String> names = new ArrayList<>(disk.lives.keySet());
    if (has(StoreDefect.LIST_ORDER_DEPENDS_ON_LIMIT) && request.limit() < 3) {
      names.sort(Comparator.reverseOrder());
    }
    if (request.after().isPresent()) {
      names = names.subList(after(names, request.after().get()), names.size());
    }
    if (!has(StoreDefect.LIST_IGNORES_PREFIX)) {
      names = names.stream().filter(name -> name.startsWith(request.prefix())).toList();
    }
    List<String> page = names.subList(0, Math.min(request.limit(), names.size()));
    List<SessionRecord> records =
        page.stream()
            .map(disk.lives::get)
            .map(life -> has(StoreDefect.LIST_IS_STALE) ? life.first : life.record)
            .toList();
    int last = has(StoreDefect.LIST_SKIPS) ? page.size() : page.size() - 1;
    return new RecordPage(
        records, page.size() < names.size() ? Optional.of(names.get(last)) : Optional.empty());
  }

  /** How many names come before those behind one, which may have been deleted. */
  private int after(List<String> names, String after) {
    int index = names.indexOf(after);
    if (index >= 0) {
      return has(StoreDefect.LIST_AFTER_IS_INCLUSIVE) ? index : index + 1;
    }
    return (int) names.stream().filter(disk.lives.headMap(after)::containsKey).count();
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(SessionKey session) {
    return write(
        Rejected::new,
        () -> {
          Life life = find(session, StoreDefect.EPOCH_IGNORED);
          if (life == null) {
            return has(StoreDefect.DELETED_TWICE) && disk.deleted.containsKey(name(session.id()))
                ? new DeleteOutcome.Deleted()
                : new DeleteOutcome.Gone();
          }
          disk.deleted.put(name(session.id()), life);
          disk.lives.remove(name(session.id()));
          return new DeleteOutcome.Deleted();
        });
  }

  @Override
  public CompletionStage<Void> checkpoint(SessionKey session, StateCheckpoint checkpoint) {
    synchronized (disk) {
      Life life = find(session, StoreDefect.CHECKPOINT_IGNORES_EPOCH);
      if (life != null) {
        life.checkpoint = checkpoint;
      }
    }
    return done(null);
  }

  @Override
  public Watch watch(SessionKey session, Runnable hint) {
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.getAndSet(true) && has(StoreDefect.WATCH_ENDS_ONCE)) {
        throw new IllegalStateException("ended already");
      }
    };
  }

  @Override
  public void close() {
    if (closed && has(StoreDefect.CLOSED_ONCE)) {
      throw new IllegalStateException("closed already");
    }
    if (!closed) {
      disk.sync();
    }
    closed = true;
  }
}
