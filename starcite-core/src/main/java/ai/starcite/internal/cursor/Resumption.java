package ai.starcite.internal.cursor;

import ai.starcite.Cursor;
import ai.starcite.CursorStore;
import ai.starcite.ResumableTail;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailOptions;
import ai.starcite.internal.threads.Waits;
import java.util.Objects;
import java.util.Optional;

/** Opens the tail of a reader where it left off. */
public final class Resumption {
  private Resumption() {}

  /** A tail that goes on from the saved cursor, or as the options say if there is none. */
  public static ResumableTail open(
      SessionLog log,
      String sessionId,
      String reader,
      CursorStore cursors,
      TailOptions options,
      Waits waits) {
    ReaderKey key = ReaderKey.of(sessionId, reader);
    Objects.requireNonNull(options, "options");
    Optional<Cursor> saved = Objects.requireNonNull(cursors, "cursors").load(sessionId, reader);
    try {
      saved.ifPresent(cursor -> requireSameIncarnation(key, cursor, options));
      TailOptions resumed = saved.map(options::withCursor).orElse(options);
      return new SavingTail(log.tail(sessionId, resumed), cursors, key, waits);
    } catch (SessionLogException e) {
      throw saved.isPresent() ? advised(e, key, saved.get()) : e;
    }
  }

  private static void requireSameIncarnation(ReaderKey key, Cursor saved, TailOptions options) {
    if (options.incarnation().isPresent()
        && saved.incarnation().isPresent()
        && !options.incarnation().equals(saved.incarnation())) {
      throw new SessionLogException(
          Code.SESSION_NOT_FOUND,
          "incarnation %s of session %s was demanded, and the saved cursor is from another one"
              .formatted(options.incarnation().get(), key.sessionId()));
    }
  }

  /** Adds whose cursor it is, and what to do about it. */
  private static SessionLogException advised(SessionLogException e, ReaderKey key, Cursor saved) {
    switch (e.code()) {
      case SESSION_NOT_FOUND, CURSOR_AHEAD, CURSOR_EXPIRED -> {}
      default -> {
        return e;
      }
    }
    SessionLogException advised =
        new SessionLogException(
            e.code(),
            "%s. The cursor %s was saved by %s; have its CursorStore forget it to start over, or save another one"
                .formatted(e.getMessage(), saved, key),
            e);
    if (e.currentSeq().isPresent()) {
      advised = advised.withCurrentSeq(e.currentSeq().getAsLong());
    }
    if (e.earliestCursor().isPresent()) {
      advised = advised.withEarliestCursor(e.earliestCursor().getAsLong());
    }
    return advised;
  }
}
