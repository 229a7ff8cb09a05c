package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.Refs;
import ai.starcite.SessionLog;
import ai.starcite.SessionQuery;
import ai.starcite.SessionUpdate;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.TailOptions.Start;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Null where a value is needed. */
@OverMemory
class NullArgumentTest extends UnharmedFixture {
  private static final AppendOptions NONE = AppendOptions.defaults();

  private static void names(String argument, ThrowingCallable call) {
    assertThat(catchThrowable(call))
        .as("null for %s", argument)
        .isExactlyInstanceOf(NullPointerException.class)
        .hasMessageMatching("(?s)(.*\\W)?" + argument + "(\\W.*)?");
  }

  @Test
  @DisplayName("Bad input: null for the session's id in any call")
  void sessionId() {
    for (Call call : Call.ofSession()) {
      names("sessionId", () -> call.on().run(log(), null));
    }
  }

  @Test
  @DisplayName("Bad input: null for another argument of a call of the log")
  void arguments() {
    names("session", () -> log().create(null));
    names("session", () -> log().createIfAbsent(null));
    names("update", () -> log().update("s", null));
    names("query", () -> log().list(null));
    names("event", () -> log().append("s", null));
    names("options", () -> log().append("s", event("x"), null));
    names("event", () -> log().appendAsync("s", null));
    names("options", () -> log().appendAsync("s", event("x"), null));
    names("events", () -> log().appendAll("s", null));
    names("events", () -> log().appendAllAsync("s", null, NONE));
    names("event", () -> log().appendAll("s", Arrays.asList(event("x"), null)));
    names("event", () -> log().appendAllAsync("s", Arrays.asList(null, event("x")), NONE));
    names("options", () -> log().appendAll("s", List.of(event("x")), null));
    names("options", () -> log().tail("s", null));
    names("producerId", () -> log().producerPosition("s", null));
    names("producerId", () -> log().producer("s", null));
    Producer producer = log().producer("s", "q");
    names("event", () -> producer.append(null));
    names("options", () -> producer.append(event("x"), null));
  }

  @Test
  @DisplayName("Bad input: null for an argument of a tail or of an event that was read")
  void tailsAndEvents() {
    try (Tail tail = log().tail("s", 0)) {
      names("timeout", () -> tail.poll(null));
      names("timeout", () -> tail.poll(1, null));
      Event event = tail.next();
      assertThat(event.seq()).isEqualTo(1);
      names("type", () -> event.as(null));
      names("type", () -> event.payload().as(null));
    }
  }

  @Test
  @DisplayName("Bad input: null for a field of an event")
  void eventFields() {
    NewEvent event = event("x");
    names("type", () -> NewEvent.of(null, Json.parse("{}")));
    names("payload", () -> NewEvent.of("t", null));
    names("typed", () -> NewEvent.of(null));
    names("wire", () -> NewEvent.fromJson(null));
    names("wire", () -> Event.fromJson(null));
    names("actor", () -> event.withActor(null));
    names("name", () -> event.withAgent(null));
    names("source", () -> event.withSource(null));
    names("metadata", () -> event.withMetadata(null));
    names("refs", () -> event.withRefs((Json) null));
    names("refs", () -> event.withRefs((Refs) null));
    names("idempotencyKey", () -> event.withIdempotencyKey(null));
    names("producerId", () -> event.withProducer(null, 1));
    names("text", () -> Json.parse(null));
    names("utf8", () -> Json.parse(null));
  }

  @Test
  @DisplayName("Bad input: null in what a call is given: sessions, updates, queries, options")
  void values() {
    names("id", () -> NewSession.ofId(null));
    names("title", () -> NewSession.titled(null));
    names("metadata", () -> NewSession.defaults().withMetadata(null));
    names("title", () -> SessionUpdate.defaults().withTitle(null));
    names("metadata", () -> SessionUpdate.defaults().withMetadata(null));
    names("prefix", () -> SessionQuery.active().withPrefix(null));
    names("after", () -> SessionQuery.active().withAfter(null));
    names("visibility", () -> SessionQuery.active().withVisibility(null));
    names("key", () -> SessionQuery.active().withMetadata(null, "x"));
    names("value", () -> SessionQuery.active().withMetadata("k", (String) null));
    names("value", () -> SessionQuery.active().withMetadata("k", (Json) null));
    names("timeout", () -> NONE.withTimeout(null));
    names("names", () -> TailOptions.from(0).withActors("a", null));
    names("names", () -> TailOptions.from(0).withAgents((String) null));
    names("names", () -> TailOptions.from(0).withTypes((String) null));
    names("ids", () -> TailOptions.from(0).withProducers((String) null));
    names("names", () -> TailOptions.from(0).withActors((String[]) null));
    names("names", () -> TailOptions.from(0).withAgents((String[]) null));
    names("names", () -> TailOptions.from(0).withTypes((String[]) null));
    names("ids", () -> TailOptions.from(0).withProducers((String[]) null));
    names("incarnation", () -> TailOptions.from(0).withIncarnation(null));
  }

  @Test
  @DisplayName("Bad input: null for a component of a record")
  void components() {
    Optional<String> none = Optional.empty();
    OptionalLong noLong = OptionalLong.empty();
    Json empty = Json.parse("{}");
    names("id", () -> new NewSession(null, none, empty));
    names("title", () -> new NewSession(none, null, empty));
    names("title", () -> new SessionUpdate(null, Optional.empty(), noLong));
    names("metadata", () -> new SessionUpdate(none, null, noLong));
    names("expectedVersion", () -> new SessionUpdate(none, Optional.empty(), null));
    SessionQuery.Visibility active = SessionQuery.Visibility.ACTIVE;
    names("after", () -> new SessionQuery("", null, 1, active, Map.of()));
    names("metadata", () -> new SessionQuery("", none, 1, active, null));
    Map<String, Json> noValue = Collections.singletonMap("k", null);
    Map<String, Json> noKey = Collections.singletonMap(null, empty);
    names("value of metadata", () -> new SessionQuery("", none, 1, active, noValue));
    names("key of metadata", () -> new SessionQuery("", none, 1, active, noKey));
    names("expectedSeq", () -> new AppendOptions(null, false, Optional.empty(), Optional.empty()));
    names("timeout", () -> new AppendOptions(noLong, false, null, Optional.empty()));
    Set<String> any = Set.of();
    Start start = new Start.After(0);
    names("start", () -> new TailOptions(null, any, any, any, noLong, true, none));
    names("actors", () -> new TailOptions(start, null, any, any, noLong, true, none));
    names("types", () -> new TailOptions(start, any, null, any, noLong, true, none));
    names("producers", () -> new TailOptions(start, any, any, null, noLong, true, none));
    Set<String> holed = Collections.singleton(null);
    names("actors", () -> new TailOptions(start, holed, any, any, noLong, true, none));
    names("types", () -> new TailOptions(start, any, holed, any, noLong, true, none));
    names("producers", () -> new TailOptions(start, any, any, holed, noLong, true, none));
    names("limit", () -> new TailOptions(start, any, any, any, null, true, none));
    names("incarnation", () -> new TailOptions(start, any, any, any, noLong, true, null));
  }

  @Test
  @DisplayName("Bad input: null for a setting of a log")
  void settingsOfLog() {
    closeLog();
    names("store", () -> SessionLog.open(null));
    settings(
        builder -> {
          names("appendTimeout", () -> builder.appendTimeout(null));
          names("closeTimeout", () -> builder.closeTimeout(null));
          names("observer", () -> builder.observer(null));
          names("executor", () -> builder.executor(null));
          names("scheduler", () -> builder.scheduler(null));
          names("clock", () -> builder.clock(null));
          names("random", () -> builder.random(null));
          return builder;
        });
    assertThat(log().get("s").lastSeq()).isEqualTo(2);
    settings(builder -> builder);
  }
}
