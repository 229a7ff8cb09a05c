package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.protocol.KnownSession.Head;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/**
 * Deletes sessions: puts an entry at the head of the log, so that each append comes before or after
 * it, then a generation, then a tombstone. The remains are reclaimed later. Thread-safe.
 */
final class Deleter {
  /** No event takes fewer bytes in a segment, and no segment has more events. */
  private static final int LEAST_BYTES = 10;

  private static final int MOST_EVENTS = 10_000;

  private final Requests requests;
  private final KnownSessions sessions;
  private final HeadFinder headFinder;
  private final SegmentPuts puts;
  private final Finisher finisher;
  private final Tokens tokens;

  Deleter(
      Requests requests,
      KnownSessions sessions,
      HeadFinder headFinder,
      SegmentPuts puts,
      Finisher finisher,
      Tokens tokens) {
    this.requests = requests;
    this.sessions = sessions;
    this.headFinder = headFinder;
    this.puts = puts;
    this.finisher = finisher;
    this.tokens = tokens;
  }

  /** Deletes; never fails. */
  CompletableFuture<DeleteOutcome> delete(SessionKey session) {
    boolean[] sent = {false};
    return sessions
        .look(session.id())
        .thenCompose(
            known ->
                known.filter(found -> found.session().equals(session)).isEmpty()
                    ? Requests.<DeleteOutcome>done(new DeleteOutcome.Gone())
                    : Loop.until(() -> attempt(known.get(), sent)))
        .exceptionally(
            failure -> {
              Throwable cause = Requests.cause(failure);
              return sent[0] ? new Indefinite(cause) : new Rejected(cause);
            });
  }

  private CompletableFuture<Optional<DeleteOutcome>> attempt(KnownSession known, boolean[] sent) {
    return headFinder
        .toHead(known)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return Loop.done(new DeleteOutcome.Gone());
              }
              // Not from the known session, which may have another writer's deletion by now.
              Head head = found.get();
              if (head.terminal() == null && head.damage() == null) {
                return byEntry(known, head.next(), sent);
              }
              sent[0] = true;
              // Nothing follows a seal, so the generation decides.
              return (head.terminal() == null
                      ? closeDamaged(known, head.next())
                      : Requests.done(false))
                  .thenCompose(
                      metAnother ->
                          finisher
                              .delete(known)
                              .thenCompose(ended -> byGeneration(ended, metAnother)));
            });
  }

  private static CompletableFuture<Optional<DeleteOutcome>> byGeneration(
      Finisher.Ended ended, boolean metAnother) {
    return switch (ended) {
      // The other deletion may belong to a writer that will report it as its own.
      case BY_US ->
          metAnother
              ? CompletableFuture.failedFuture(unknown())
              : Loop.done(new DeleteOutcome.Deleted());
      case BY_OTHERS -> Loop.done(new DeleteOutcome.Gone());
      case UNKNOWN -> CompletableFuture.failedFuture(unknown());
    };
  }

  private CompletableFuture<Optional<DeleteOutcome>> byEntry(
      KnownSession known, long place, boolean[] sent) {
    Entry deletion = Entry.deletion(place, tokens.next());
    return puts.put(known, deletion)
        .whenComplete(
            (outcome, failure) -> sent[0] |= failure == null || !Requests.isRefusal(failure))
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case STORED ->
                      finisher
                          .delete(known)
                          .thenCompose(ended -> Loop.done(new DeleteOutcome.Deleted()));
                  case LOST -> Loop.again();
                  case GONE -> CompletableFuture.failedFuture(unknown());
                });
  }

  /**
   * Closes a log whose last segment cannot be read. A writer that knew the segment before it was
   * damaged knows where it ends, and can append after it without reading it. So a deletion is put
   * at each place where the segment can end, as many as it may have events. If that is interrupted,
   * any process that finds one of these entries completes the deletion, without the others.
   *
   * @return whether one of the places had another writer's deletion
   */
  private CompletableFuture<Boolean> closeDamaged(KnownSession known, long next) {
    Keys.Life keys = known.keys();
    return requests
        .list(keys.segments(), keys.segment(next - 2), 1)
        .thenCompose(
            listed -> {
              long bytes = listed.objects().stream().mapToLong(Listing::size).sum();
              long most = Math.min(MOST_EVENTS, bytes / LEAST_BYTES);
              List<Long> places = LongStream.range(next, next + most).boxed().toList();
              // One token for all: several of them may move on to the same place.
              UUID token = tokens.next();
              return Parallel.map(places, place -> close(known, place, token));
            })
        .thenApply(met -> met.contains(true));
  }

  /**
   * Makes sure that nothing can be appended at a place, or after what is there.
   *
   * @return whether another writer's deletion is there
   */
  private CompletableFuture<Boolean> close(KnownSession known, long place, UUID token) {
    long[] at = {place};
    return Loop.until(
        () ->
            puts.put(known, Entry.deletion(at[0], token))
                .thenCompose(
                    outcome ->
                        outcome == SegmentPuts.Outcome.LOST
                            ? requests
                                .read(
                                    known.keys().segment(at[0]),
                                    bytes -> Entry.fromBytes(known.session().id(), at[0], bytes))
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
        Code.OUTCOME_UNKNOWN, "the session was deleted, by this call or another one");
  }
}
