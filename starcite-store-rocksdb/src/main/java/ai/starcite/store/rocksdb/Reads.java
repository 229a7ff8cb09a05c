package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoredSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reading operations of the store, each on one {@link View}. */
final class Reads {
  private Reads() {}

  static Optional<StoredSession> load(Database database, String sessionId) {
    try (View view = new View(database)) {
      return view.record(sessionId).map(record -> stored(view, record));
    }
  }

  /**
   * Where a session's end is damaged, its next seq is the one behind the first event that cannot be
   * read: what is before it can be, and who reads on finds the damage.
   */
  private static StoredSession stored(View view, SessionRecord record) {
    SessionKey session = record.key();
    boolean damaged = false;
    long end;
    try {
      end = view.nextSeq(session);
    } catch (SessionLogException e) {
      requireCorrupt(e);
      damaged = true;
      end = readableEnd(view, session);
    }
    long readable = end;
    return new StoredSession(
        record,
        damaged ? readable + 1 : readable,
        view.checkpoint(session).filter(saved -> saved.nextSeq() <= readable));
  }

  private static long readableEnd(View view, SessionKey session) {
    long end = 1;
    try (SegmentCursor cursor = view.segments(session)) {
      cursor.seekAtOrAfter(1);
      while (cursor.isValid() && cursor.firstSeq() == end) {
        end = cursor.segment().nextSeq();
        cursor.next(end);
      }
    } catch (SessionLogException e) {
      requireCorrupt(e);
    }
    return end;
  }

  private static void requireCorrupt(SessionLogException e) {
    if (e.code() != Code.CORRUPT) {
      throw e;
    }
  }

  static ReadOutcome read(Database database, SessionKey session, long fromSeq, int maxBytes) {
    try (View view = new View(database);
        SegmentCursor cursor = view.segments(session)) {
      List<Segment> page = page(cursor, session, fromSeq, maxBytes);
      // Segments go together with their session: where there are some, it lives.
      return page.isEmpty() && !view.lives(session)
          ? new ReadOutcome.Gone()
          : new ReadOutcome.Segments(page);
    }
  }

  private static List<Segment> page(
      SegmentCursor cursor, SessionKey session, long fromSeq, int maxBytes) {
    List<Segment> page = new ArrayList<>();
    try {
      long next = fromSeq;
      long bytes = 0;
      cursor.seekAtOrBefore(fromSeq);
      if (cursor.isValid()) {
        Segment first = cursor.segment();
        if (contains(first, fromSeq)) {
          page.add(first);
          next = first.nextSeq();
          bytes = first.length();
        }
        cursor.next(next);
      } else {
        cursor.seekAtOrAfter(fromSeq);
      }
      while (cursor.isValid() && (page.isEmpty() || bytes + cursor.length() <= maxBytes)) {
        if (cursor.firstSeq() != next) {
          throw Failures.hole("session " + session.id() + " at seq " + next);
        }
        Segment segment = cursor.segment();
        page.add(segment);
        next = segment.nextSeq();
        bytes += segment.length();
        cursor.next(next);
      }
    } catch (SessionLogException e) {
      // What lies before the damage is whole; the read that begins at the damage tells of it.
      if (page.isEmpty()) {
        throw e;
      }
    }
    return page;
  }

  private static boolean contains(Segment segment, long seq) {
    return segment.nextSeq() > seq || segment.count() == 0 && segment.firstSeq() == seq;
  }

  static RecordPage list(Database database, ListRequest request) {
    List<SessionRecord> records = new ArrayList<>();
    try (View view = new View(database);
        RecordCursor cursor = view.records(request.prefix())) {
      if (request.after().isPresent()) {
        cursor.seekBehind(request.after().get());
      } else {
        cursor.seekToFirst();
      }
      boolean more = more(cursor, request.limit(), records);
      return new RecordPage(
          records,
          more ? Optional.of(records.get(records.size() - 1).key().id()) : Optional.empty());
    }
  }

  /** Adds records up to a limit, or to damage, and tells whether there is more behind them. */
  private static boolean more(RecordCursor cursor, int limit, List<SessionRecord> records) {
    try {
      while (cursor.isValid() && records.size() < limit) {
        records.add(cursor.record());
        cursor.next();
      }
      return cursor.isValid();
    } catch (SessionLogException e) {
      // The page that begins at the damage tells of it.
      if (records.isEmpty()) {
        throw e;
      }
      return true;
    }
  }
}
