package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.starcite.AppendOptions;
import ai.starcite.Cursor;
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
import java.util.Arrays;
import java.util.List;
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
    names("options", () -> log().tail("s", (TailOptions) null));
    names("cursor", () -> log().tail("s", (Cursor) null));
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
    names("text", () -> Json.parse((String) null));
    names("utf8", () -> Json.parse((byte[]) null));
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
    names("cursor", () -> TailOptions.from(null));
    names("incarnation", () -> Cursor.of(1, null));
    names("text", () -> Cursor.parse(null));
    names("incarnation", () -> NONE.withIncarnation(null));
    names("time", () -> TailOptions.fromTime(null));
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
