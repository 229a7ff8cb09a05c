package ai.starcite.internal.log;

import ai.starcite.CreateResult;
import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.SessionQuery.Visibility;
import ai.starcite.SessionUpdate;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.Limits;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.internal.store.StoreCalls;
import ai.starcite.internal.store.StoreCalls.Resolved;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** Creates, reads, changes, lists and deletes sessions; all but their events. Thread-safe. */
final class SessionRecords {
  /** A listing looks at no more than this (clause SES-6). */
  private static final int LOOKED_AT = 10_000;

  private static final int LOOKED_AT_ONCE = 500;

  private static final int ID_BYTES = 12;
  private static final int INCARNATION_BYTES = 16;

  private final SegmentStore store;
  private final StoreCalls waiter;
  private final InstantSource clock;
  private final RandomGenerator random;

  SessionRecords(
      SegmentStore store, StoreCalls waiter, InstantSource clock, RandomGenerator random) {
    this.store = store;
    this.waiter = waiter;
    this.clock = clock;
    this.random = random;
  }

  CreateResult createIfAbsent(NewSession session) {
    Instant now = now();
    SessionKey key =
        new SessionKey(
            session.id().orElseGet(() -> "ses_" + random(ID_BYTES)), random(INCARNATION_BYTES));
    SessionRecord record =
        new SessionRecord(
            key, session.title(), session.metadata(), now, now, 1, false, false, token());
    // The incarnation is random, so that a record of this incarnation is ours, whichever attempt
    // wrote it.
    CreateOutcome outcome =
        waiter.write("create of session " + key.id(), () -> store.create(record)).answer();
    if (outcome instanceof CreateOutcome.Exists exists && !exists.existing().key().equals(key)) {
      // Read afresh, for the last seq.
      return new CreateResult(
          find(key.id())
              .map(SessionRecords::session)
              .orElseGet(() -> session(exists.existing(), 0)),
          false);
    }
    return new CreateResult(session(record, 0), true);
  }

  Session get(String sessionId) {
    return session(load(sessionId));
  }

  Session update(String sessionId, SessionUpdate update) {
    return change(
        sessionId,
        record -> {
          Json metadata =
              update
                  .metadata()
                  .map(changes -> MetadataMerge.merge(record.metadata(), changes))
                  .orElse(record.metadata());
          Limits.requireMetadata(metadata);
          Optional<String> title =
              update
                  .title()
                  .map(t -> t.isEmpty() ? Optional.<String>empty() : update.title())
                  .orElse(record.title());
          return changed(record, title, metadata, record.archived());
        },
        update.expectedVersion());
  }

  Session setArchived(String sessionId, boolean archived) {
    return change(
        sessionId,
        record ->
            record.archived() == archived
                ? record
                : changed(record, record.title(), record.metadata(), archived),
        OptionalLong.empty());
  }

  /** The life of a session that there is. */
  SessionKey key(String sessionId) {
    return load(sessionId).record().key();
  }

  /** Erases a life of a session. */
  void delete(SessionKey key) {
    Resolved<DeleteOutcome> outcome = waiter.write("delete", () -> store.delete(key));
    if (outcome.answer() instanceof DeleteOutcome.Gone && !outcome.repeated()) {
      throw SessionLoader.notFound(key.id());
    }
  }

  SessionPage list(SessionQuery query) {
    List<SessionPage.Row> found = new ArrayList<>();
    Optional<String> after = query.after();
    boolean filtered = query.visibility() != Visibility.ALL || !query.metadata().isEmpty();
    for (int left = LOOKED_AT; left > 0; ) {
      int most = Math.min(left, filtered ? LOOKED_AT_ONCE : query.limit() - found.size());
      ListRequest request = new ListRequest(query.prefix(), after, most);
      RecordPage page;
      try {
        page = waiter.read(() -> store.list(request));
      } catch (SessionLogException e) {
        if (e.code() != Code.CORRUPT || after.equals(query.after())) {
          throw e;
        }
        // What lies before the damage is whole; the call that begins at the damage tells of it.
        break;
      }
      for (SessionRecord record : page.records()) {
        if (found.size() == query.limit()) {
          // This one begins the next page.
          return new SessionPage(found, after.orElse(null));
        }
        if (matches(record, query)) {
          found.add(row(record));
        }
        after = Optional.of(record.key().id());
      }
      after = page.next();
      if (after.isEmpty() || found.size() == query.limit()) {
        break;
      }
      left -= most;
    }
    return new SessionPage(found, after.orElse(null));
  }

  private static boolean matches(SessionRecord record, SessionQuery query) {
    if (query.visibility() != Visibility.ALL
        && record.archived() != (query.visibility() == Visibility.ARCHIVED)) {
      return false;
    }
    if (query.metadata().isEmpty()) {
      return true;
    }
    Map<String, Json> members = record.metadata().members();
    return query.metadata().entrySet().stream()
        .allMatch(
            wanted ->
                members.containsKey(wanted.getKey())
                    && members.get(wanted.getKey()).sameValue(wanted.getValue()));
  }

  private Session change(
      String sessionId, UnaryOperator<SessionRecord> change, OptionalLong expectedVersion) {
    while (true) {
      StoredSession stored = load(sessionId);
      SessionRecord before = stored.record();
      if (expectedVersion.isPresent() && expectedVersion.getAsLong() != before.version()) {
        throw new SessionLogException(
                Code.VERSION_CONFLICT,
                "expected version %d of session %s, but it is %d; read it and decide again"
                    .formatted(expectedVersion.getAsLong(), sessionId, before.version()))
            .withCurrentVersion(before.version());
      }
      SessionRecord after = change.apply(before);
      if (after == before || write(after, before.version())) {
        return session(after, stored.nextSeq() - 1);
      }
    }
  }

  /** Writes a changed record; false if another change came first. */
  private boolean write(SessionRecord next, long expectedVersion) {
    Resolved<UpdateOutcome> outcome =
        waiter.write("update", () -> store.update(next, expectedVersion));
    if (outcome.answer() instanceof UpdateOutcome.Gone) {
      if (outcome.repeated()) {
        throw new SessionLogException(
            Code.OUTCOME_UNKNOWN,
            "the update may have been stored before session "
                + next.key().id()
                + " was deleted; there is nothing left of it");
      }
      throw SessionLoader.notFound(next.key().id());
    }
    if (outcome.answer() instanceof UpdateOutcome.Conflict conflict) {
      boolean ours = conflict.current().token().equals(next.token());
      if (!ours && outcome.repeated()) {
        throw new SessionLogException(
            Code.OUTCOME_UNKNOWN,
            "the update may have been stored before another one; read the session to find out");
      }
      return ours;
    }
    return true;
  }

  private SessionRecord changed(
      SessionRecord record, Optional<String> title, Json metadata, boolean archived) {
    Instant now = now();
    return new SessionRecord(
        record.key(),
        title,
        metadata,
        record.createdAt(),
        now.isBefore(record.updatedAt()) ? record.updatedAt() : now,
        record.version() + 1,
        archived,
        record.sealed(),
        token());
  }

  private StoredSession load(String sessionId) {
    return find(sessionId).orElseThrow(() -> SessionLoader.notFound(sessionId));
  }

  private Optional<StoredSession> find(String sessionId) {
    return waiter.read(() -> store.load(sessionId));
  }

  private static Session session(StoredSession stored) {
    return session(stored.record(), stored.nextSeq() - 1);
  }

  private static Session session(SessionRecord record, long lastSeq) {
    return CoreAccess.access()
        .session(
            record.key().id(),
            record.title().orElse(null),
            record.metadata(),
            record.createdAt(),
            record.updatedAt(),
            record.version(),
            record.archived(),
            record.sealed(),
            record.key().incarnation(),
            lastSeq);
  }

  private static SessionPage.Row row(SessionRecord record) {
    return CoreAccess.access()
        .row(
            record.key().id(),
            record.title().orElse(null),
            record.metadata(),
            record.createdAt(),
            record.updatedAt(),
            record.version(),
            record.archived(),
            record.sealed(),
            record.key().incarnation());
  }

  /** A session as it is after a seal, of what it was before. */
  static Session sealed(Session before) {
    return CoreAccess.access()
        .session(
            before.id(),
            before.title().orElse(null),
            before.metadata(),
            before.createdAt(),
            before.updatedAt(),
            before.version() + 1,
            before.archived(),
            true,
            before.incarnation(),
            before.lastSeq());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private UUID token() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private String random(int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(drawn);
  }
}
