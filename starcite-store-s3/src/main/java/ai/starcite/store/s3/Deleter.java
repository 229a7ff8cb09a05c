package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.ObjectClient.Listing;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/**
 * Deletes sessions: with an entry at the head of the log, so that each append comes before or
 * after, then a generation, then a tombstone. What they leave behind is reclaimed later.
 * Thread-safe.
 */
final class Deleter {
  /** No event takes fewer bytes in a segment, and a log puts no more events into one. */
  private static final int LEAST_BYTES = 10;

  private static final int MOST_EVENTS = 10_000;

  private final Requests requests;
  private final Tracks tracks;
  private final Walker walker;
  private final SegmentPuts puts;
  private final Endings endings;
  private final Tokens tokens;

  Deleter(
      Requests requests,
      Tracks tracks,
      Walker walker,
      SegmentPuts puts,
      Endings endings,
      Tokens tokens) {
    this.requests = requests;
    this.tracks = tracks;
    this.walker = walker;
    this.puts = puts;
    this.endings = endings;
    this.tokens = tokens;
  }

  /** Deletes; never fails. */
  CompletableFuture<DeleteOutcome> delete(SessionKey session) {
    boolean[] sent = {false};
    return tracks
        .look(session.id())
        .thenCompose(
            track ->
                track.filter(found -> found.session().equals(session)).isEmpty()
                    ? Requests.<DeleteOutcome>done(new DeleteOutcome.Gone())
                    : Loop.until(() -> attempt(track.get(), sent)))
        .exceptionally(
            failure -> {
              Throwable cause = Requests.cause(failure);
              return sent[0]
                  ? new DeleteOutcome.Indefinite(cause)
                  : new DeleteOutcome.Rejected(cause);
            });
  }

  private CompletableFuture<Optional<DeleteOutcome>> attempt(Track track, boolean[] sent) {
    return walker
        .toHead(track)
        .thenCompose(
            alive -> {
              if (!alive) {
                return Loop.done(new DeleteOutcome.Gone());
              }
              if (track.terminal() == null && track.damage() == null) {
                return byEntry(track, sent);
              }
              sent[0] = true;
              // Nothing comes behind a seal: there the generation decides.
              return (track.terminal() == null ? closeDamaged(track) : Requests.<Void>done(null))
                  .thenCompose(closed -> endings.delete(track))
                  .thenCompose(Deleter::byGeneration);
            });
  }

  private static CompletableFuture<Optional<DeleteOutcome>> byGeneration(Endings.Ended ended) {
    return switch (ended) {
      case BY_US -> Loop.done(new DeleteOutcome.Deleted());
      case BY_OTHERS -> Loop.done(new DeleteOutcome.Gone());
      case UNKNOWN -> CompletableFuture.failedFuture(unknown());
    };
  }

  private CompletableFuture<Optional<DeleteOutcome>> byEntry(Track track, boolean[] sent) {
    Entry deletion = Entry.deletion(track.next(), tokens.next());
    return puts.put(track, deletion)
        .whenComplete(
            (outcome, failure) -> sent[0] |= failure == null || !Requests.isRefusal(failure))
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case STORED ->
                      endings
                          .delete(track)
                          .thenCompose(ended -> Loop.done(new DeleteOutcome.Deleted()));
                  case LOST -> Loop.again();
                  case GONE -> CompletableFuture.failedFuture(unknown());
                });
  }

  /**
   * Closes a log whose last segment cannot be read. A writer who knew it before it was damaged
   * knows where it ends, and need not read it to append behind it. So each place where it can end
   * is taken, of which there are as many as events may be in it. If that is cut short, whoever
   * meets one of these entries completes the deletion, without the others.
   */
  private CompletableFuture<Void> closeDamaged(Track track) {
    long next = track.next();
    Keys.Life keys = track.keys();
    return requests
        .list(keys.segments(), keys.segment(next - 2), 1)
        .thenCompose(
            listed -> {
              long bytes = listed.objects().stream().mapToLong(Listing::size).sum();
              long most = Math.min(MOST_EVENTS, bytes / LEAST_BYTES);
              List<Long> places = LongStream.range(next, next + most).boxed().toList();
              return Parallel.map(places, place -> close(track, place));
            })
        .thenApply(closed -> null);
  }

  /** Sees to it that nothing can be appended at a place, nor behind what is there. */
  private CompletableFuture<Boolean> close(Track track, long place) {
    long[] at = {place};
    return Loop.until(
        () ->
            puts.put(track, Entry.deletion(at[0], tokens.next()))
                .thenCompose(
                    outcome ->
                        outcome == SegmentPuts.Outcome.LOST
                            ? requests
                                .read(
                                    track.keys().segment(at[0]),
                                    bytes -> Entry.fromBytes(track.session().id(), at[0], bytes))
                                .thenApply(
                                    there -> {
                                      boolean ends =
                                          there.value().map(Entry::isTerminal).orElse(true);
                                      at[0] = ends ? at[0] : there.value().get().nextSeq();
                                      return ends ? Optional.of(true) : Optional.empty();
                                    })
                            : Loop.done(true)));
  }

  private static SessionLogException unknown() {
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN, "the session is deleted, and it is unknown by whom");
  }
}
