package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionRecord;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Life;
import ai.starcite.store.s3.internal.protocol.SnapshotReader.Highest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Creates sessions: puts the next life of an id, if the highest is a tombstone or there is none. A
 * create with an unknown outcome is resolved at the same number only: at the next number it would
 * bring back a session that others have seen and deleted. Thread-safe.
 */
class Creator {
  private static final int REMEMBERED = 10_000;

  private final Requests requests;
  private final SnapshotReader snapshots;
  private final KnownSessions sessions;
  private final Duration grace;

  /**
   * The numbers at which creates with an unknown outcome may have had their effect, by incarnation.
   */
  private final Map<String, Long> tried =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  Creator(Requests requests, SnapshotReader snapshots, KnownSessions sessions, Duration grace) {
    this.requests = requests;
    this.snapshots = snapshots;
    this.sessions = sessions;
    this.grace = grace;
  }

  /** Creates; never fails. */
  CompletableFuture<CreateOutcome> create(SessionRecord session) {
    String incarnation = session.key().incarnation();
    return Loop.until(() -> attempt(session))
        .handle(
            (outcome, failure) -> {
              CreateOutcome ended = failure == null ? outcome : ended(session, failure);
              if (!(ended instanceof Indefinite)) {
                forget(incarnation);
              }
              return ended;
            });
  }

  private CreateOutcome ended(SessionRecord session, Throwable failure) {
    Throwable cause = Requests.cause(failure);
    return triedAt(session) == null ? new Rejected(cause) : new Indefinite(cause);
  }

  private CompletableFuture<Optional<CreateOutcome>> attempt(SessionRecord session) {
    return snapshots
        .highest(session.key().id())
        .thenCompose(
            highest -> {
              Long before = triedAt(session);
              if (before != null) {
                return before < highest.number()
                    ? resolveBelow(session, before)
                    : put(session, before, highest.date());
              }
              return highest.isSession()
                  ? exists(session)
                  : put(session, next(highest), highest.date());
            });
  }

  /** Returns the number of the next life of an id. */
  long next(Highest highest) {
    return highest.number() + 1;
  }

  private CompletableFuture<Optional<CreateOutcome>> exists(SessionRecord session) {
    return sessions
        .look(session.key().id())
        .thenApply(
            found ->
                found.map(known -> new CreateOutcome.Exists(known.snapshot().manifest().record())));
  }

  private CompletableFuture<Optional<CreateOutcome>> put(
      SessionRecord session, long number, @Nullable Instant listed) {
    boolean isRepeated = triedAt(session) != null;
    remember(session, number);
    return requests
        .put(key(session, number), Life.of(session).toBytes())
        .whenComplete(
            (put, failure) -> {
              if (!isRepeated && failure != null && Requests.isRefusal(failure)) {
                forget(session.key().incarnation());
              }
            })
        .thenCompose(
            put ->
                put.stored()
                    ? confirm(session, number, listed, put.date())
                    : taken(session, number, listed));
  }

  private CompletableFuture<Optional<CreateOutcome>> taken(
      SessionRecord session, long number, @Nullable Instant listed) {
    return requests
        .read(key(session, number), Life::fromBytes)
        .thenCompose(
            there -> {
              if (there.value().isEmpty()) {
                // Reclaimed since: there is a higher one.
                return Loop.again();
              }
              if (isOurs(session, there.value().get())) {
                return confirm(session, number, listed, there.date());
              }
              forget(session.key().incarnation());
              return Loop.again();
            });
  }

  /**
   * Confirms a put that succeeded. A late success may belong to a life that ended, and was
   * reclaimed, long ago.
   */
  private CompletableFuture<Optional<CreateOutcome>> confirm(
      SessionRecord session, long number, @Nullable Instant listed, @Nullable Instant answered) {
    if (isTimely(listed, answered)) {
      return Loop.done(new CreateOutcome.Created());
    }
    return snapshots
        .highest(session.key().id())
        .thenCompose(
            highest ->
                highest.number() != number
                    ? Loop.done(unknown(session))
                    : requests
                        .read(key(session, number), Life::fromBytes)
                        .thenApply(
                            there ->
                                Optional.of(
                                    there.value().filter(life -> isOurs(session, life)).isPresent()
                                        ? new CreateOutcome.Created()
                                        : unknown(session))));
  }

  /** Returns whether nothing that existed when the lives were listed can have been reclaimed. */
  boolean isTimely(@Nullable Instant listed, @Nullable Instant answered) {
    return listed != null
        && answered != null
        && !answered.isBefore(listed)
        && Duration.between(listed, answered).compareTo(grace.dividedBy(2)) < 0;
  }

  /** Resolves a create at a number below the highest life. */
  private CompletableFuture<Optional<CreateOutcome>> resolveBelow(
      SessionRecord session, long number) {
    return requests
        .read(key(session, number), Life::fromBytes)
        .thenCompose(
            there -> {
              if (there.value().isEmpty() || isOurs(session, there.value().get())) {
                return Loop.done(unknown(session));
              }
              forget(session.key().incarnation());
              return Loop.again();
            });
  }

  private static CreateOutcome unknown(SessionRecord session) {
    return new Indefinite(
        new SessionLogException(
            Code.OUTCOME_UNKNOWN,
            "session %s may have been created, and was deleted since"
                .formatted(session.key().id())));
  }

  private static boolean isOurs(SessionRecord session, Life there) {
    return there.record().filter(record -> record.key().equals(session.key())).isPresent();
  }

  private static String key(SessionRecord session, long number) {
    return Keys.of(session.key().id()).life(number);
  }

  private @Nullable Long triedAt(SessionRecord session) {
    synchronized (tried) {
      return tried.get(session.key().incarnation());
    }
  }

  private void remember(SessionRecord session, long number) {
    synchronized (tried) {
      tried.put(session.key().incarnation(), number);
    }
  }

  private void forget(String incarnation) {
    synchronized (tried) {
      tried.remove(incarnation);
    }
  }
}
