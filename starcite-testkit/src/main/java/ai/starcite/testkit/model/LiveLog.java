package ai.starcite.testkit.model;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionPage;
import ai.starcite.Tail;
import ai.starcite.spi.SegmentStore;
import ai.starcite.testkit.contract.StoresOfTest;
import ai.starcite.testkit.model.SessionView.Meaning;
import ai.starcite.testkit.model.SessionView.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The log under test, with its tails, and with what it has shown so far of what no model can
 * foretell: ids, incarnations and times.
 */
final class LiveLog implements AutoCloseable {
  private final StoresOfTest bed;
  private final List<Tail> tails = new ArrayList<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, Life> lives = new HashMap<>();
  private SessionLog log;

  /** What was seen of one life of a session. */
  private static final class Life {
    final int number;
    final Instant createdAt;
    final Map<Long, Instant> updatedAt = new HashMap<>();
    final NavigableMap<Long, Long> insertedAt = new TreeMap<>();

    Life(int number, Instant createdAt) {
      this.number = number;
      this.createdAt = createdAt;
    }
  }

  LiveLog(Supplier<StoresOfTest> stores) {
    this.bed = stores.get();
    this.log = open(bed.open());
  }

  private SessionLog open(SegmentStore store) {
    return bed.openLog(
        SessionLog.builder(store)
            .closesStore(bed.outlivesClose())
            .maxProducers(LogModel.MAX_PRODUCERS));
  }

  SessionLog log() {
    return log;
  }

  List<Tail> tails() {
    return tails;
  }

  void reopen() {
    log.close();
    log = open(bed.open());
  }

  /** Goes on as after a crash; what has died is closed then, so that nothing of it is left. */
  void crash() {
    SessionLog dead = log;
    log = open(bed.crash());
    dead.close();
  }

  /** Takes note of an id that was made, which scripts call by a name. */
  void name(String id) {
    names.putIfAbsent(id, "id" + (names.size() + 1));
  }

  /** The ids that were made. */
  List<String> made() {
    return List.copyOf(names.keySet());
  }

  /** An id as code. */
  String code(String id) {
    return names.containsKey(id) ? names.get(id) : JavaCode.string(id);
  }

  SessionView view(Session session) {
    return view(session.toJson(), OptionalLong.of(session.lastSeq()));
  }

  /** A row of a listing has the fields of a session, but for the last seq. */
  SessionView view(SessionPage.Row row) {
    return view(row.toJson(), OptionalLong.empty());
  }

  private SessionView view(Json fields, OptionalLong lastSeq) {
    SessionPage.Row session = SessionPage.Row.fromJson(fields);
    Life life =
        lives.computeIfAbsent(
            session.incarnation(), each -> new Life(lives.size() + 1, session.createdAt()));
    return new SessionView(
        session.id(),
        session.title(),
        new Meaning(session.metadata()),
        session.version(),
        session.archived(),
        session.sealed(),
        life.number,
        lastSeq,
        times(life, session));
  }

  private static Times times(Life life, SessionPage.Row session) {
    if (!session.createdAt().equals(life.createdAt)) {
      return Times.CREATED_AT_CHANGED;
    }
    Instant same = life.updatedAt.putIfAbsent(session.version(), session.updatedAt());
    if (same != null && !same.equals(session.updatedAt())) {
      return Times.UPDATED_AT_CHANGED_WITHOUT_VERSION;
    }
    Instant before = life.updatedAt.getOrDefault(session.version() - 1, life.createdAt);
    return session.updatedAt().isBefore(before) ? Times.WENT_BACK : Times.RIGHT;
  }

  EventView view(String incarnation, Event event) {
    return new EventView(event.seq(), event.toNewEvent(), times(incarnation, event));
  }

  private Times times(String incarnation, Event event) {
    Life life = lives.get(incarnation);
    if (life == null) {
      return Times.RIGHT;
    }
    long time = event.insertedAtMicros();
    Long same = life.insertedAt.putIfAbsent(event.seq(), time);
    if (same != null && same != time) {
      return Times.CHANGED_ON_REREAD;
    }
    Map.Entry<Long, Long> before = life.insertedAt.lowerEntry(event.seq());
    Map.Entry<Long, Long> after = life.insertedAt.higherEntry(event.seq());
    boolean ordered =
        (before == null || before.getValue() <= time)
            && (after == null || time <= after.getValue());
    return ordered ? Times.RIGHT : Times.WENT_BACK;
  }

  /** The number of an incarnation that was seen, or 0. */
  int life(String incarnation) {
    Life life = lives.get(incarnation);
    return life == null ? 0 : life.number;
  }

  @Override
  public void close() {
    try (bed) {
      log.close();
    }
  }
}
