package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Appends segments: puts each at the place that is next as far as this process knows. A writer that
 * was first elsewhere is met there, and then the log decides again. Thread-safe.
 */
final class Appender {
  private final Tracks tracks;
  private final Walker walker;
  private final SegmentPuts puts;
  private final Endings endings;
  private final Rules rules;

  Appender(Tracks tracks, Walker walker, SegmentPuts puts, Endings endings, Rules rules) {
    this.tracks = tracks;
    this.walker = walker;
    this.puts = puts;
    this.endings = endings;
    this.rules = rules;
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
    boolean known =
        track.isPlaced()
            && track.terminal() == null
            && (segment.firstSeq() <= track.next() || !rules.keeps(Rule.REFUSE_AFTER_LOOK));
    CompletableFuture<Boolean> look =
        known
            ? Requests.done(true)
            : walker
                .toHead(track)
                .thenCompose(
                    alive ->
                        // Nothing comes behind a seal, not even what tells of a deletion.
                        alive && track.terminal() != null && rules.keeps(Rule.REFUSE_AFTER_LOOK)
                            ? tracks.refresh(track)
                            : Requests.done(alive));
    return look.thenApply(
        alive -> alive ? judge(track, segment) : Optional.of(new AppendOutcome.Gone()));
  }

  private static Optional<AppendOutcome> judge(Track track, Segment segment) {
    SessionLogException damage = track.damage();
    if (damage != null) {
      return Optional.of(new AppendOutcome.Rejected(damage));
    }
    if (track.endsWith(segment.token())) {
      return Optional.of(new AppendOutcome.Committed());
    }
    if (track.terminal() != null) {
      return Optional.of(new AppendOutcome.Sealed());
    }
    return segment.firstSeq() == track.next()
        ? Optional.empty()
        : Optional.of(new AppendOutcome.Conflict(track.next()));
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
    // What was in the way is no effect of this segment, so that nothing is unknown from here on.
    return endings
        .finish(track)
        .handle((alive, failure) -> failure == null && !alive)
        .thenApply(
            gone -> {
              if (gone) {
                return new AppendOutcome.Gone();
              }
              return track.terminal() != null
                  ? new AppendOutcome.Sealed()
                  : new AppendOutcome.Conflict(track.next());
            });
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
