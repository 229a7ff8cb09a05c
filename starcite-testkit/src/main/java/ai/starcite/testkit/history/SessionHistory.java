package ai.starcite.testkit.history;

import ai.starcite.SessionLogException.Code;
import ai.starcite.testkit.history.RecordedSessionCall.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that was recorded of one session id, in the order of the calls, and its lives. */
final class SessionHistory {
  private static final Comparator<RecordedCall> BY_CALL =
      Comparator.comparingLong(call -> call.invoked);

  final String sessionId;
  final List<RecordedAppend> appends = new ArrayList<>();
  final List<RecordedSessionCall> sessionCalls = new ArrayList<>();
  final List<RecordedTail> tails = new ArrayList<>();

  /** The lives, by incarnation. */
  final Map<String, Life> lives = new LinkedHashMap<>();

  private @Nullable FinalLog end;
  private final Map<RecordedAppend, Life> answeredFrom = new HashMap<>();

  private SessionHistory(String sessionId) {
    this.sessionId = sessionId;
  }

  /** Sorts a history by sessions. */
  static List<SessionHistory> of(History history, List<FinalLog> ends) {
    Map<String, SessionHistory> all = new LinkedHashMap<>();
    for (FinalLog end : ends) {
      SessionHistory session = in(all, end.sessionId());
      if (session.end != null) {
        throw new IllegalArgumentException("two final logs of session " + end.sessionId());
      }
      session.end = end;
    }
    history.recorder().appends().forEach(each -> in(all, each.sessionId).appends.add(each));
    history
        .recorder()
        .sessionCalls()
        .forEach(each -> in(all, each.sessionId).sessionCalls.add(each));
    history.recorder().tails().forEach(each -> in(all, each.sessionId).tails.add(each));
    all.values().forEach(SessionHistory::live);
    return List.copyOf(all.values());
  }

  private static SessionHistory in(Map<String, SessionHistory> all, String id) {
    return all.computeIfAbsent(id, SessionHistory::new);
  }

  private void live() {
    appends.forEach(RecordedCall::close);
    sessionCalls.forEach(RecordedCall::close);
    tails.forEach(RecordedCall::close);
    appends.sort(BY_CALL);
    sessionCalls.sort(BY_CALL);
    tails.sort(BY_CALL);
    List<Life> created = new ArrayList<>();
    for (RecordedSessionCall call : sessionCalls) {
      if (call.succeeded() && call.kind == Kind.CREATE) {
        String incarnation = call.session().incarnation();
        Life twin = lives.get(incarnation);
        if (twin != null) {
          throw Contradiction.of("SES-1", "two creates made the same " + twin, twin.create, call);
        }
        created.add(life(incarnation, call));
      }
    }
    for (RecordedSessionCall call : sessionCalls) {
      if (call.succeeded() && call.kind != Kind.DELETE) {
        life(call.session().incarnation(), null);
      }
    }
    for (RecordedTail tail : tails) {
      if (tail.succeeded()) {
        life(tail.incarnation(), null);
      }
    }
    if (end != null) {
      life(end.incarnation(), null);
    }
    for (Life life : created) {
      if (!life.isComplete()) {
        end(life, nextOf(life, created));
      }
    }
  }

  /** The first life that surely came later; creates that overlap tell nothing of their order. */
  private static @Nullable Life nextOf(Life life, List<Life> created) {
    return created.stream()
        .filter(other -> other.create.invoked > life.create.answered())
        .min(Comparator.comparingLong(other -> other.create.answered()))
        .orElse(null);
  }

  private Life life(String incarnation, @Nullable RecordedSessionCall create) {
    boolean lasts = end != null && end.incarnation().equals(incarnation);
    return lives.computeIfAbsent(
        incarnation, any -> new Life(sessionId, any, create, lasts ? end : null));
  }

  /** Finds out when a life that is over was over. */
  private void end(Life life, @Nullable Life next) {
    long nextCame = next == null ? RecordedCall.NEVER : next.create.answered();
    long until = Long.MIN_VALUE;
    boolean any = false;
    for (RecordedSessionCall call : deletes()) {
      if (call.invoked <= nextCame && (call.isUnknown() || call.answered() >= life.from())) {
        any = true;
        until = Math.max(until, call.isUnknown() ? RecordedCall.NEVER : call.answered());
      }
    }
    if (!any) {
      throw Contradiction.of(
          "APP-1",
          "%s is gone, and no call that can have deleted it was made".formatted(life),
          life.create,
          next == null ? null : next.create);
    }
    life.until = Math.min(until, nextCame);
  }

  /** The deletions that may have deleted something. */
  List<RecordedSessionCall> deletes() {
    return sessionCalls.stream()
        .filter(call -> call.kind == Kind.DELETE && !call.failedForGood())
        .toList();
  }

  /** The only life that a call can have met, or null. */
  @Nullable Life lifeOf(RecordedCall call) {
    if (call instanceof RecordedAppend append && append.succeeded()) {
      return answeredFrom.computeIfAbsent(append, this::find);
    }
    List<Life> met = lives.values().stream().filter(life -> life.mayMeet(call)).toList();
    return met.size() == 1 && !mayMeetUnknown(call) ? met.get(0) : null;
  }

  /** Whether there may have been a life for a call that nobody was told of. */
  private boolean mayMeetUnknown(RecordedCall call) {
    long end = call.isUnknown() ? RecordedCall.NEVER : call.answered();
    return sessionCalls.stream()
        .anyMatch(each -> each.kind == Kind.CREATE && each.isUnknown() && each.invoked <= end);
  }

  private @Nullable Life find(RecordedAppend append) {
    List<Life> met = lives.values().stream().filter(life -> life.mayMeet(append)).toList();
    if (mayMeetUnknown(append)) {
      return null;
    }
    if (met.isEmpty()) {
      throw Contradiction.of(
          "SES-7", "an append was acknowledged while there was no such session", append);
    }
    if (met.size() == 1) {
      return met.get(0);
    }
    List<Life> agreeing = met.stream().filter(life -> life.agreesWith(append)).toList();
    if (agreeing.isEmpty()) {
      throw Contradiction.of(
          "APP-1",
          "an append was acknowledged, but no life of its session has its events where it says",
          append);
    }
    return agreeing.size() == 1 ? agreeing.get(0) : null;
  }

  /** Whether every life that a call can have met is known in full, and was never sealed. */
  boolean surelyUnsealed(RecordedCall call) {
    return !mayMeetUnknown(call)
        && lives.values().stream()
            .filter(life -> life.mayMeet(call))
            .allMatch(life -> life.isComplete() && !life.isSealed());
  }

  /** Checks the calls that say that there is no such session. */
  void checkMissing() {
    RecordedSessionCall create =
        sessionCalls.stream()
            .filter(call -> call.kind == Kind.CREATE && call.succeeded())
            .min(Comparator.comparingLong(RecordedCall::answered))
            .orElse(null);
    long firstDelete =
        deletes().stream().mapToLong(call -> call.invoked).min().orElse(RecordedCall.NEVER);
    List<RecordedCall> calls = new ArrayList<>(appends);
    calls.addAll(sessionCalls);
    calls.addAll(tails);
    for (RecordedCall call : calls) {
      if (create != null
          && call.failedWith(Code.SESSION_NOT_FOUND)
          && call.invoked > create.answered()
          && call.answered() < firstDelete) {
        throw Contradiction.of(
            "SES-1", "a session was not found that was there all the time", create, call);
      }
    }
  }
}
