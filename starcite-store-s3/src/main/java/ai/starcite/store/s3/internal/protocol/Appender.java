package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.protocol.KnownSession.Head;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Appends segments: puts each at what is the next place as far as this process knows. If another
 * writer was first, its segment is found there, and the log decides again. Thread-safe.
 */
class Appender {
  private final KnownSessions sessions;
  private final HeadFinder headFinder;
  private final SegmentPuts puts;
  private final Finisher finisher;

  Appender(KnownSessions sessions, HeadFinder headFinder, SegmentPuts puts, Finisher finisher) {
    this.sessions = sessions;
    this.headFinder = headFinder;
    this.puts = puts;
    this.finisher = finisher;
  }

  /** Appends; never fails. */
  CompletableFuture<AppendOutcome> append(SessionKey session, Segment segment) {
    return sessions
        .open(session)
        .thenCompose(
            known ->
                known.isEmpty()
                    ? Requests.<AppendOutcome>done(new AppendOutcome.Gone())
                    : append(known.get(), segment))
        // Nothing was sent: an append that was sent does not fail.
        .exceptionally(Appender::rejected);
  }

  private CompletableFuture<AppendOutcome> append(KnownSession known, Segment segment) {
    return refusal(known, segment)
        .thenCompose(
            refusal -> refusal.isPresent() ? Requests.done(refusal.get()) : put(known, segment));
  }

  private static AppendOutcome rejected(Throwable failure) {
    return new Rejected(Requests.cause(failure));
  }

  /** Returns why a segment is not the next one, or empty if it is. */
  private CompletableFuture<Optional<AppendOutcome>> refusal(KnownSession known, Segment segment) {
    Head last = known.head();
    CompletableFuture<Optional<Head>> look =
        suffices(last, segment)
            ? Requests.done(Optional.of(last))
            : headFinder.toHead(known).thenCompose(head -> stillThere(known, head));
    return look.thenApply(
        head ->
            head.isPresent() ? judge(head.get(), segment) : Optional.of(new AppendOutcome.Gone()));
  }

  /** Returns whether what is known suffices to send a segment, or to refuse it for good. */
  boolean suffices(Head last, Segment segment) {
    return last.placed() && !ends(last) && segment.firstSeq() <= last.next();
  }

  static boolean ends(Head head) {
    return head.terminal() != null || head.damage() != null;
  }

  /**
   * Refreshes the session where a seal or damage ends what can be seen of its log: a deletion after
   * it would not show.
   */
  CompletableFuture<Optional<Head>> stillThere(KnownSession known, Optional<Head> head) {
    return head.filter(Appender::ends).isPresent()
        ? sessions.refresh(known).thenApply(alive -> alive ? head : Optional.empty())
        : Requests.done(head);
  }

  private static Optional<AppendOutcome> judge(Head head, Segment segment) {
    SessionLogException damage = head.damage();
    if (damage != null) {
      return Optional.of(new Rejected(damage));
    }
    if (segment.token().equals(head.lastToken())) {
      return Optional.of(new AppendOutcome.Committed());
    }
    if (head.terminal() != null) {
      return Optional.of(new AppendOutcome.Sealed());
    }
    return segment.firstSeq() == head.next()
        ? Optional.empty()
        : Optional.of(new AppendOutcome.Conflict(head.next()));
  }

  private CompletableFuture<AppendOutcome> put(KnownSession known, Segment segment) {
    return puts.put(known, Entry.of(segment))
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case STORED -> stored(known, segment);
                  case LOST -> lost(known);
                  // The next attempt says Gone: it finds the session deleted before it sends.
                  case GONE -> Requests.<AppendOutcome>done(new Indefinite(deleted(known)));
                })
        .exceptionally(
            failure ->
                Requests.isRefusal(failure)
                    ? rejected(failure)
                    : new Indefinite(Requests.cause(failure)));
  }

  private CompletableFuture<AppendOutcome> stored(KnownSession known, Segment segment) {
    sessions.weigh(known);
    if (!segment.seals()) {
      return Requests.done(new AppendOutcome.Committed());
    }
    return unknown(
        finisher.seal(known).thenApply(alive -> (AppendOutcome) new AppendOutcome.Committed()));
  }

  private CompletableFuture<AppendOutcome> lost(KnownSession known) {
    Head head = known.head();
    return finisher
        .finish(known, head.terminal())
        .<AppendOutcome>thenApply(
            alive -> {
              if (!alive) {
                return new AppendOutcome.Gone();
              }
              return head.terminal() != null
                  ? new AppendOutcome.Sealed()
                  : new AppendOutcome.Conflict(head.next());
            })
        // The entry in the way is not this segment, so nothing is unknown; but the end of the
        // session
        // is not reported before it is complete.
        .exceptionally(Appender::rejected);
  }

  /** The segment is stored, so a failure from here on is no refusal. */
  private static CompletableFuture<AppendOutcome> unknown(CompletableFuture<AppendOutcome> rest) {
    return rest.exceptionally(failure -> new Indefinite(Requests.cause(failure)));
  }

  private static SessionLogException deleted(KnownSession known) {
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN,
        "session " + known.session().id() + " was deleted while the append was under way");
  }
}
