package ai.starcite.internal.tail;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailOptions;
import ai.starcite.TailOptions.Start;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.open.OpenSessions;
import ai.starcite.internal.session.Head;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Opens the session of a tail, and finds where it starts. Never blocks. Thread-safe. */
public final class TailOpener {
  private final OpenSessions sessions;

  /** Opens tails of the open sessions of a log. */
  public TailOpener(OpenSessions sessions) {
    this.sessions = sessions;
  }

  /** Opens the session, which is up to date as far as the caller needs it. */
  public CompletableFuture<OpenedTail> open(String sessionId, TailOptions options) {
    return head(sessionId)
        .thenCompose(
            head ->
                CompletableFuture.completedFuture(head)
                    .thenCompose(known -> cursor(known, options))
                    .thenApply(cursor -> new OpenedTail(head, cursor))
                    .whenComplete(
                        (opened, failure) -> {
                          if (failure != null) {
                            head.removeTail();
                          }
                        }));
  }

  /** The head of a session, which knows of one more tail. */
  private CompletableFuture<Head> head(String sessionId) {
    while (true) {
      CompletableFuture<Head> opening = sessions.head(sessionId);
      if (!opening.isDone() || opening.isCompletedExceptionally()) {
        return opening.thenCompose(
            head -> addTail(head) ? CompletableFuture.completedFuture(head) : head(sessionId));
      }
      Head head = opening.join();
      if (addTail(head)) {
        return CompletableFuture.completedFuture(head);
      }
      // It was evicted, or deleted, in this moment, and is about to be replaced.
      Thread.onSpinWait();
    }
  }

  private boolean addTail(Head head) {
    return sessions.session(head.key().id()).addTail(head);
  }

  private static CompletableFuture<Long> cursor(Head head, TailOptions options) {
    String sessionId = head.key().id();
    if (options.incarnation().isPresent()
        && !options.incarnation().get().equals(head.key().incarnation())) {
      throw new SessionLogException(
          Code.SESSION_NOT_FOUND,
          ("session %s has another incarnation, %s: it was deleted and created again; the cursor"
                  + " is of no use there, start at 0")
              .formatted(sessionId, head.key().incarnation()));
    }
    long nextSeq = head.nextSeq();
    if (options.start() instanceof Start.Latest latest) {
      return CompletableFuture.completedFuture(Math.max(0, nextSeq - 1 - latest.events()));
    }
    if (options.start() instanceof Start.AtTime at) {
      return firstAt(head, at.time(), 1, nextSeq).thenApply(seq -> seq - 1);
    }
    long cursor = ((Start.After) options.start()).seq();
    if (cursor >= nextSeq) {
      throw new SessionLogException(
              Code.CURSOR_AHEAD,
              "cursor %d lies beyond the last event, %d; start from an earlier one"
                  .formatted(cursor, nextSeq - 1))
          .withCurrentSeq(nextSeq - 1);
    }
    return CompletableFuture.completedFuture(cursor);
  }

  /**
   * The first event of a range that was stored at a time or later, or the range's end. Times never
   * decrease within a session (clause EVT-1), so that halving the range finds it.
   */
  private static CompletableFuture<Long> firstAt(Head head, Instant time, long from, long to) {
    if (from >= to) {
      return CompletableFuture.completedFuture(to);
    }
    return head.pages()
        .segment((from + to) >>> 1)
        .thenCompose(
            page -> {
              long first = Math.max(from, page.firstSeq());
              long last = Math.min(to, page.nextSeq()) - 1;
              if (isAt(page, first, time)) {
                return firstAt(head, time, from, first);
              }
              if (!isAt(page, last, time)) {
                return firstAt(head, time, last + 1, to);
              }
              long seq = first + 1;
              while (!isAt(page, seq, time)) {
                seq++;
              }
              return CompletableFuture.completedFuture(seq);
            });
  }

  private static boolean isAt(Page page, long seq, Instant time) {
    return !page.event(seq).insertedAt().isBefore(time);
  }
}
