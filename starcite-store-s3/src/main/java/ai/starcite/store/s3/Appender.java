package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.Track.Head;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Appends segments: puts each at the place that is next as far as this process knows. A writer that
 * was first elsewhere is met there, and then the log decides again. Thread-safe.
 */
class Appender {
  private final Tracks tracks;
  private final Walker walker;
  private final SegmentPuts puts;
  private final Endings endings;

  Appender(Tracks tracks, Walker walker, SegmentPuts puts, Endings endings) {
    this.tracks = tracks;
    this.walker = walker;
    this.puts = puts;
    this.endings = endings;
  }

  /** Appends; never fails. */
  CompletableFuture<AppendOutcome> append(SessionKey session, Segment segment) {
    return tracks
        .open(session)
        .thenCompose(
            track ->
                track.isEmpty()
                    ? Requests.<AppendOutcome>done(new AppendOutcome.Gone())
                    : append(track.get(), segment))
        // Nothing was sent: what is sent does not fail.
        .exceptionally(Appender::rejected);
  }

  private CompletableFuture<AppendOutcome> append(Track track, Segment segment) {
    return refusal(track, segment)
        .thenCompose(
            refusal -> refusal.isPresent() ? Requests.done(refusal.get()) : put(track, segment));
  }

  private static AppendOutcome rejected(Throwable failure) {
    return new AppendOutcome.Rejected(Requests.cause(failure));
  }

  /** Why a segment is not the next one, or empty if it is. */
  private CompletableFuture<Optional<AppendOutcome>> refusal(Track track, Segment segment) {
    Head known = track.head();
    CompletableFuture<Optional<Head>> look =
        suffices(known, segment)
            ? Requests.done(Optional.of(known))
            : walker.toHead(track).thenCompose(head -> stillThere(track, head));
    return look.thenApply(
        head ->
            head.isPresent() ? judge(head.get(), segment) : Optional.of(new AppendOutcome.Gone()));
  }

  /** Returns whether what is known suffices to send a segment, or to refuse it for good. */
  boolean suffices(Head known, Segment segment) {
    return known.placed() && !ends(known) && segment.firstSeq() <= known.next();
  }

  static boolean ends(Head head) {
    return head.terminal() != null || head.damage() != null;
  }

  /** Nothing comes behind a seal, or is seen behind damage, not even what tells of a deletion. */
  CompletableFuture<Optional<Head>> stillThere(Track track, Optional<Head> head) {
    return head.filter(Appender::ends).isPresent()
        ? tracks.refresh(track).thenApply(alive -> alive ? head : Optional.empty())
        : Requests.done(head);
  }

  private static Optional<AppendOutcome> judge(Head head, Segment segment) {
    SessionLogException damage = head.damage();
    if (damage != null) {
      return Optional.of(new AppendOutcome.Rejected(damage));
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

  private CompletableFuture<AppendOutcome> put(Track track, Segment segment) {
    return puts.put(track, Entry.of(segment))
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case STORED -> stored(track, segment);
                  case LOST -> lost(track);
                  // Told as such by the next attempt, which finds the session gone before it sends.
                  case GONE ->
                      Requests.<AppendOutcome>done(new AppendOutcome.Indefinite(deleted(track)));
                })
        .exceptionally(
            failure ->
                Requests.isRefusal(failure)
                    ? rejected(failure)
                    : new AppendOutcome.Indefinite(Requests.cause(failure)));
  }

  private CompletableFuture<AppendOutcome> stored(Track track, Segment segment) {
    tracks.weigh(track);
    if (!segment.seals()) {
      return Requests.done(new AppendOutcome.Committed());
    }
    return unknown(
        endings.seal(track).thenApply(alive -> (AppendOutcome) new AppendOutcome.Committed()));
  }

  private CompletableFuture<AppendOutcome> lost(Track track) {
    Head head = track.head();
    return endings
        .finish(track, head.terminal())
        .<AppendOutcome>thenApply(
            alive -> {
              if (!alive) {
                return new AppendOutcome.Gone();
              }
              return head.terminal() != null
                  ? new AppendOutcome.Sealed()
                  : new AppendOutcome.Conflict(head.next());
            })
        // What was in the way is no effect of this segment, so that nothing is unknown; but what
        // ends the session is not told before it is complete.
        .exceptionally(Appender::rejected);
  }

  /** The segment is stored, so that no failure of what follows is a refusal. */
  private static CompletableFuture<AppendOutcome> unknown(CompletableFuture<AppendOutcome> rest) {
    return rest.exceptionally(failure -> new AppendOutcome.Indefinite(Requests.cause(failure)));
  }

  private static SessionLogException deleted(Track track) {
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN,
        "session " + track.session().id() + " was deleted while the append was under way");
  }
}
