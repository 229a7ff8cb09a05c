package ai.starcite.examples.cli.transfer;

import ai.starcite.Event;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.examples.cli.backend.Failures;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoredSession;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Walks over a store: every record, every segment with its checksum and its place, and every event
 * as a reader gets it. Damage ends the walk over its session, and others are walked over.
 */
public final class Verification {
  private static final int PAGE = 500;
  private static final int READ_BYTES = 4 << 20;
  private static final UUID NONE = new UUID(0, 0);

  private final SegmentStore store;
  private final Consumer<String> report;
  private final LongConsumer progress;
  private long sessions;
  private long events;
  private long damaged;

  public Verification(SegmentStore store, Consumer<String> report, LongConsumer progress) {
    this.store = store;
    this.report = report;
    this.progress = progress;
  }

  public long sessions() {
    return sessions;
  }

  public long events() {
    return events;
  }

  /** How many sessions are damaged, and how many places of the list. */
  public long damaged() {
    return damaged;
  }

  public void run() {
    try (SessionLog log = SessionLog.builder(store).closesStore(false).open()) {
      Optional<String> next = Optional.empty();
      do {
        RecordPage page;
        try {
          page = await(store.list(new ListRequest("", next, PAGE)));
        } catch (SessionLogException e) {
          requireCorrupt(e);
          damaged(
              "list of sessions%s: %s; sessions after that were not checked"
                  .formatted(next.map(id -> " after " + id).orElse(""), e.getMessage()));
          return;
        }
        page.records().forEach(record -> check(log, record));
        next = page.next();
      } while (next.isPresent());
    }
  }

  private void damaged(String what) {
    damaged++;
    report.accept("damaged: " + what);
  }

  private static void requireCorrupt(SessionLogException e) {
    if (e.code() != Code.CORRUPT) {
      throw e;
    }
  }

  private void check(SessionLog log, SessionRecord record) {
    sessions++;
    Walk walk = new Walk(record);
    try {
      walk.segments();
      walk.events(log);
    } catch (SessionLogException e) {
      requireCorrupt(e);
      damaged(
          "session %s at seq %d: %s".formatted(record.key().id(), walk.nextSeq, e.getMessage()));
    }
  }

  private static <T> T await(CompletionStage<T> stage) {
    return Failures.await(stage.toCompletableFuture());
  }

  /** Over one session. */
  private final class Walk {
    private final SessionRecord record;
    private final SessionKey key;
    private long nextSeq = 1;
    private UUID before = NONE;
    private boolean sealed;

    Walk(SessionRecord record) {
      this.record = record;
      this.key = record.key();
    }

    void segments() {
      while (!sealed) {
        ReadOutcome read = await(store.read(key, nextSeq, READ_BYTES));
        if (!(read instanceof ReadOutcome.Segments segments) || segments.segments().isEmpty()) {
          break;
        }
        segments.segments().forEach(this::segment);
      }
      long head = await(store.load(key.id())).map(StoredSession::nextSeq).orElse(nextSeq);
      check(head == nextSeq, "the events up to seq " + (head - 1) + " are missing");
      check(sealed == record.sealed(), "the record and the events differ in whether it is sealed");
    }

    private void segment(Segment segment) {
      check(segment.isIntact(), "the segment does not match its checksum");
      check(segment.firstSeq() == nextSeq, "the segment there begins at " + segment.firstSeq());
      check(segment.previousToken().equals(before), "the segment there does not follow the last");
      check(!sealed, "there is a segment after the seal");
      nextSeq = segment.nextSeq();
      before = segment.token();
      sealed = segment.seals();
    }

    private void check(boolean holds, String otherwise) {
      if (!holds) {
        throw new SessionLogException(Code.CORRUPT, otherwise);
      }
    }

    /** As a reader gets them. */
    public void events(SessionLog log) {
      long end = nextSeq;
      nextSeq = 1;
      try (Tail tail = log.tail(key.id(), TailOptions.from(0).withoutFollowing())) {
        for (Event event : tail) {
          check(event.seq() == nextSeq, "the event there has seq " + event.seq());
          nextSeq++;
          progress.accept(++events);
        }
      }
      check(nextSeq == end, "the events after it cannot be read");
    }
  }
}
