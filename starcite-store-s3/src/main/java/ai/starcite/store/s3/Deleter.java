package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.ObjectClient.Listing;
import ai.starcite.store.s3.Track.Head;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
            found -> {
              if (found.isEmpty()) {
                return Loop.done(new DeleteOutcome.Gone());
              }
              // Not by what the track says by now: that may be another's deletion.
              Head head = found.get();
              if (head.terminal() == null && head.damage() == null) {
                return byEntry(track, head.next(), sent);
              }
              sent[0] = true;
              // Nothing comes behind a seal: there the generation decides.
              return (head.terminal() == null
                      ? closeDamaged(track, head.next())
                      : Requests.done(false))
                  .thenCompose(
                      metAnother ->
                          endings
                              .delete(track)
                              .thenCompose(ended -> byGeneration(ended, metAnother)));
            });
  }

  private static CompletableFuture<Optional<DeleteOutcome>> byGeneration(
      Endings.Ended ended, boolean metAnother) {
    return switch (ended) {
      // A deletion that was met may be that of a writer, which is told that it was its own.
      case BY_US ->
          metAnother
              ? CompletableFuture.failedFuture(unknown())
              : Loop.done(new DeleteOutcome.Deleted());
      case BY_OTHERS -> Loop.done(new DeleteOutcome.Gone());
      case UNKNOWN -> CompletableFuture.failedFuture(unknown());
    };
  }

  private CompletableFuture<Optional<DeleteOutcome>> byEntry(
      Track track, long place, boolean[] sent) {
    Entry deletion = Entry.deletion(place, tokens.next());
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
   *
   * @return whether one of the places had another's deletion
   */
  private CompletableFuture<Boolean> closeDamaged(Track track, long next) {
    Keys.Life keys = track.keys();
    return requests
        .list(keys.segments(), keys.segment(next - 2), 1)
        .thenCompose(
            listed -> {
              long bytes = listed.objects().stream().mapToLong(Listing::size).sum();
              long most = Math.min(MOST_EVENTS, bytes / LEAST_BYTES);
              List<Long> places = LongStream.range(next, next + most).boxed().toList();
              // One token for all of them: several may go on to the same place.
              UUID token = tokens.next();
              return Parallel.map(places, place -> close(track, place, token));
            })
        .thenApply(met -> met.contains(true));
  }

  /**
   * Sees to it that nothing can be appended at a place, nor behind what is there.
   *
   * @return whether another's deletion is there
   */
  private CompletableFuture<Boolean> close(Track track, long place, UUID token) {
    long[] at = {place};
    return Loop.until(
        () ->
            puts.put(track, Entry.deletion(at[0], token))
                .thenCompose(
                    outcome ->
                        outcome == SegmentPuts.Outcome.LOST
                            ? requests
                                .read(
                                    track.keys().segment(at[0]),
                                    bytes -> Entry.fromBytes(track.session().id(), at[0], bytes))
                                .thenApply(
                                    there -> {
                                      Optional<Entry> entry = there.value();
                                      if (entry.map(Entry::isTerminal).orElse(true)) {
                                        return Optional.of(
                                            entry.filter(Entry::isDeletion).isPresent());
                                      }
                                      at[0] = entry.get().nextSeq();
                                      return Optional.empty();
                                    })
                            : Loop.done(false)));
  }

  private static SessionLogException unknown() {
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN, "the session is deleted, and it is unknown by whom");
  }
}
