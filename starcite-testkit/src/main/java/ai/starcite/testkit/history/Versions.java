package ai.starcite.testkit.history;

import ai.starcite.Json;
import ai.starcite.Session;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import ai.starcite.testkit.history.RecordedSessionCall.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a session's record in one life: each is made by one change of the one before it,
 * and what calls were told of them agrees.
 */
final class Versions {
  private static final String CLAUSE = "SES-4";

  private final SessionHistory session;
  private final Life life;

  /** The calls that were told that they made a version. */
  private final TreeMap<Long, RecordedSessionCall> made = new TreeMap<>();

  /** What was told of versions, in the order of the calls. */
  private final List<Told> told = new ArrayList<>();

  /** The updates of which nobody knows whether they made a version. */
  private final List<RecordedSessionCall> unknown;

  /** A version that there was for a call: the one it gives, or the one that it was refused for. */
  private record Told(long version, RecordedSessionCall call) {
    Optional<Session> session() {
      return call.succeeded() ? Optional.of(call.session()) : Optional.empty();
    }

    boolean isUpdate() {
      return call.succeeded() && call.kind == Kind.UPDATE;
    }
  }

  Versions(SessionHistory session, Life life) {
    this.session = session;
    this.life = life;
    this.unknown =
        session.sessionCalls.stream()
            .filter(call -> call.kind == Kind.UPDATE && call.isUnknown() && life.mayMeet(call))
            .toList();
  }

  /** Checks them. */
  void check() {
    collect();
    checkSame();
    checkOrder();
    for (Told each : told) {
      checkMade(each);
      each.session().ifPresent(seen -> checkContent(seen, each.call));
    }
  }

  private void collect() {
    for (RecordedSessionCall call : session.sessionCalls) {
      if (call.failedWith(Code.VERSION_CONFLICT) && session.lifeOf(call) == life) {
        refused(call, call.failure().currentVersion().orElse(-1));
      } else if (call.succeeded()
          && call.kind != Kind.DELETE
          && !wasOverSinceSealed(call)
          && call.session().incarnation().equals(life.incarnation)) {
        told.add(new Told(call.session().version(), call));
        if (call.kind == Kind.UPDATE || call.kind == Kind.CREATE) {
          made(call, call.session().version());
        }
      }
    }
  }

  /**
   * Whether a seal may have found the session gone when it read it to answer, and so given what it
   * had read before the seal, with a version that is a guess.
   */
  private boolean wasOverSinceSealed(RecordedSessionCall call) {
    return call.kind == Kind.SEAL && life.last == null;
  }

  private void refused(RecordedSessionCall call, long current) {
    long expected = call.update.expectedVersion().orElse(current);
    if (expected == current) {
      throw Contradiction.of(CLAUSE, "an update was refused though its expectation was met", call);
    }
    told.add(new Told(current, call));
  }

  private void made(RecordedSessionCall call, long version) {
    long expected = call.update.expectedVersion().orElse(version - 1);
    if (version != expected + 1) {
      throw Contradiction.of(
          CLAUSE, "an update did not come right behind the version that it expected", call);
    }
    RecordedSessionCall other = made.put(version, call);
    if (other != null) {
      throw Contradiction.of(
          CLAUSE, "two calls were told that they made version %d".formatted(version), other, call);
    }
  }

  /** Who sees the same version sees the same. */
  private void checkSame() {
    Map<Long, Told> first = new HashMap<>();
    for (Told each : told) {
      if (each.session().isPresent()) {
        Told other = first.putIfAbsent(each.version, each);
        if (other != null && !isSame(other.call.session(), each.call.session())) {
          throw Contradiction.of(
              CLAUSE, "version %d was seen as two".formatted(each.version), other.call, each.call);
        }
      }
    }
  }

  private static boolean isSame(Session a, Session b) {
    return a.title().equals(b.title())
        && a.metadata().sameValue(b.metadata())
        && a.archived() == b.archived()
        && a.sealed() == b.sealed()
        && a.createdAt().equals(b.createdAt())
        && a.updatedAt().equals(b.updatedAt());
  }

  /** What was called after another call was answered sees its version, or a later one. */
  private void checkOrder() {
    List<Told> answered = new ArrayList<>(told);
    answered.sort(Comparator.comparingLong(each -> each.call.answered()));
    int next = 0;
    Told highest = null;
    for (Told each : told) {
      while (next < answered.size() && answered.get(next).call.answered() < each.call.invoked) {
        Told before = answered.get(next++);
        highest = highest == null || before.version > highest.version ? before : highest;
      }
      if (highest != null && each.version < highest.version + (each.isUpdate() ? 1 : 0)) {
        throw Contradiction.of(
            CLAUSE,
            "version %d of %s was there before a call that was told of version %d"
                .formatted(highest.version, life, each.version),
            highest.call,
            each.call);
      }
    }
  }

  /** Each change that led to a version was made by a call, or by the seal, and by one of them. */
  private void checkMade(Told each) {
    long open = each.version - 1 - made.subMap(1L, false, Math.max(1, each.version), true).size();
    long others = unknown.stream().filter(call -> call.invoked <= each.call.answered()).count();
    boolean mayBeSealed = each.session().map(Session::sealed).orElse(true);
    if (open > others + (mayBeSealed ? 1 : 0)) {
      throw Contradiction.of(
          CLAUSE,
          "%d of the changes before version %d of %s were made by nobody"
              .formatted(open - others - (mayBeSealed ? 1 : 0), each.version, life),
          each.call);
    }
  }

  private void checkContent(Session seen, RecordedSessionCall call) {
    made.headMap(seen.version(), true).values().stream()
        .filter(each -> each.kind == Kind.UPDATE)
        .forEach(each -> checkKept(seen, call, each));
    if (life.create != null) {
      seen.metadata().members().forEach((key, value) -> checkKnown(seen, call, key, value));
    }
  }

  /** What an acknowledged update has set is there, unless a later one has changed it. */
  private void checkKept(Session seen, RecordedSessionCall call, RecordedSessionCall update) {
    Optional<String> title = update.update.title();
    boolean kept =
        title.isEmpty()
            || title.get().equals(seen.title().orElse(""))
            || later(seen, update).anyMatch(each -> each.title().isPresent());
    Map<String, Json> members = seen.metadata().members();
    for (Map.Entry<String, Json> change : changes(update.update).entrySet()) {
      kept &=
          isSame(members.get(change.getKey()), change.getValue())
              || later(seen, update).anyMatch(each -> changes(each).containsKey(change.getKey()));
    }
    if (!kept) {
      throw Contradiction.of(
          CLAUSE,
          "version %d of %s is without an update that was acknowledged before"
              .formatted(seen.version(), life),
          update,
          call);
    }
  }

  /** A value {@code null} is set to remove a key. */
  private static boolean isSame(@Nullable Json a, @Nullable Json b) {
    return isAbsent(a) ? isAbsent(b) : b != null && a.sameValue(b);
  }

  private static boolean isAbsent(@Nullable Json value) {
    return value == null || value.toString().equals("null");
  }

  /** The updates that may have come between another one and a version. */
  private Stream<SessionUpdate> later(Session seen, RecordedSessionCall update) {
    long from = update.session().version();
    return Stream.concat(
            made.subMap(from, false, seen.version(), true).values().stream(), unknown.stream())
        .map(each -> each.update);
  }

  /** Somebody has set what is there, and was not refused. */
  private void checkKnown(Session seen, RecordedSessionCall call, String key, Json value) {
    boolean known =
        isSame(value, life.create.session().metadata().members().get(key))
            || Stream.concat(made.headMap(seen.version(), true).values().stream(), unknown.stream())
                .anyMatch(each -> isSame(value, changes(each.update).get(key)));
    if (!known) {
      throw Contradiction.of(
          CLAUSE,
          "nobody has set the metadata %s of version %d of %s".formatted(key, seen.version(), life),
          call);
    }
  }

  private static Map<String, Json> changes(SessionUpdate update) {
    return update.metadata().map(Json::members).orElse(Map.of());
  }
}
