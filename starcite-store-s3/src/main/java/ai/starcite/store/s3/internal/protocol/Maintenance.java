package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.store.s3.internal.client.ObjectClient.Listing;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Life;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when sessions are compacted and reclaimed: occasionally by the processes that append, and
 * all of them on request. Thread-safe.
 */
final class Maintenance {
  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  /** Reclaiming takes several listings, and is not urgent. */
  private static final int GENERATIONS_PER_RECLAIM = 16;

  /** How often a compaction is tried before as many segments have come again. */
  private static final int TRIES = 2;

  private final Requests requests;
  private final KnownSessions sessions;
  private final Compactor compactor;
  private final Reclaimer reclaimer;
  private final S3Settings settings;
  private final Set<SessionKey> busy = ConcurrentHashMap.newKeySet();

  Maintenance(
      Requests requests,
      KnownSessions sessions,
      Compactor compactor,
      Reclaimer reclaimer,
      S3Settings settings) {
    this.requests = requests;
    this.sessions = sessions;
    this.compactor = compactor;
    this.reclaimer = reclaimer;
    this.settings = settings;
  }

  /**
   * Compacts a session if the segment that was just appended makes it due. Only one segment does,
   * so only one of the processes that append compacts; if that one dies, another does some segments
   * later. A process that was late finds that compaction is not due.
   */
  void appended(SessionKey session, long bytes) {
    if (!settings.maintains()) {
      return;
    }
    sessions
        .held(session)
        .filter(known -> isTime(known, bytes))
        .ifPresent(known -> compactInBackground(known, this::isDue));
  }

  private boolean isTime(KnownSession known, long bytes) {
    int segments = known.segmentsAboveBoundary();
    long above = known.bytesAboveBoundary();
    return (segments >= settings.compactSegments()
            && segments % Math.max(1, settings.compactSegments() / TRIES) == 0)
        || above / settings.compactBytes() > (above - bytes) / settings.compactBytes();
  }

  private boolean isDue(KnownSession known) {
    return known.segmentsAboveBoundary() >= settings.compactSegments()
        || known.bytesAboveBoundary() >= settings.compactBytes();
  }

  /** Keeps a checkpoint, and saves it with a compaction. */
  void checkpointed(SessionKey session, StateCheckpoint checkpoint) {
    sessions
        .held(session)
        .ifPresent(
            known -> {
              known.keep(checkpoint);
              if (settings.maintains()) {
                compactInBackground(known, any -> true);
              }
            });
  }

  private void compactInBackground(KnownSession known, Predicate<KnownSession> isDue) {
    if (!busy.add(known.session())) {
      return;
    }
    compactor
        .compact(known, isDue)
        .thenCompose(
            moved ->
                moved && known.snapshot().generation() % GENERATIONS_PER_RECLAIM == 0
                    ? reclaimer.reclaim(known)
                    : Requests.done(null))
        .whenComplete(
            (done, failure) -> {
              busy.remove(known.session());
              sessions.weigh(known);
              if (failure != null && !requests.isClosed()) {
                LOG.warn(
                    "session {} was not compacted, which can be done at any time: {}",
                    known.session().id(),
                    Requests.cause(failure).toString());
              }
            });
  }

  /** Compacts and reclaims all sessions, one after the other. */
  CompletableFuture<Void> maintainAll() {
    List<Throwable> failures = new ArrayList<>();
    String[] after = {""};
    return Loop.<Boolean>until(() -> maintainPage(after, failures))
        .thenCompose(
            done ->
                failures.isEmpty()
                    ? Requests.done(null)
                    : CompletableFuture.failedFuture(failures.get(0)));
  }

  private CompletableFuture<Optional<Boolean>> maintainPage(
      String[] after, List<Throwable> failures) {
    return requests
        .list(Keys.LIVES, after[0], 1_000)
        .thenCompose(
            page -> {
              List<Listing> highest = new ArrayList<>();
              for (Listing each : page.objects()) {
                String name = Keys.nameIn(each.key());
                if (!after[0].equals(Keys.after(name))) {
                  after[0] = Keys.after(name);
                  highest.add(each);
                }
              }
              CompletableFuture<Void> all = Requests.done(null);
              for (Listing each : highest) {
                all = all.thenCompose(before -> maintain(each.key(), failures));
              }
              return all.thenApply(
                  done -> page.more() ? Optional.<Boolean>empty() : Optional.of(true));
            });
  }

  private CompletableFuture<Void> maintain(String lifeKey, List<Throwable> failures) {
    return living(lifeKey)
        .thenCompose(
            known ->
                known.isEmpty()
                    ? Requests.<Void>done(null)
                    : compactor
                        .compact(known.get(), any -> true)
                        .thenCompose(moved -> reclaimer.reclaim(known.get())))
        .thenCompose(done -> reclaimer.reclaimLives(Keys.nameIn(lifeKey)))
        .exceptionally(
            failure -> {
              LOG.warn("{} was not maintained: {}", lifeKey, Requests.cause(failure).toString());
              failures.add(Requests.cause(failure));
              return null;
            });
  }

  /** Returns the session of a life, unless that is a tombstone or was deleted. */
  private CompletableFuture<Optional<KnownSession>> living(String lifeKey) {
    if (Keys.lifeIn(lifeKey) % 2 == 0) {
      return Requests.done(Optional.empty());
    }
    return requests
        .read(lifeKey, Life::fromBytes)
        .thenCompose(
            read -> {
              Optional<SessionRecord> created = read.value().flatMap(Life::record);
              return created.isEmpty()
                  ? Requests.done(Optional.empty())
                  : sessions.open(created.get().key());
            });
  }
}
