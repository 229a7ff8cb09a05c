package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionQuery;
import ai.starcite.SessionUpdate;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Calls that break a limit or a rule. */
@OverMemory
class BadInputTest extends UnharmedFixture {
  private static final Json EMPTY = Json.parse("{}");
  private static final String LONG = "é".repeat(128) + "x";
  private static final String LONE = "a\uD83D";
  private static final AppendOptions NONE = AppendOptions.defaults();

  @Test
  @DisplayName("Bad input: ids of sessions")
  void sessionIds() {
    for (String id : List.of("", LONG, LONE, "\uDE00", "a\nb", "\u0000", "\u007F", "\u0085")) {
      invalid(() -> log().create(NewSession.ofId(id)), "id");
      invalid(() -> log().createIfAbsent(NewSession.ofId(id)), "id");
      for (Call call : Call.ofSession()) {
        invalid(() -> call.on().run(log(), id), "id");
      }
    }
  }

  @Test
  @DisplayName("Bad input: titles and metadata of sessions")
  void titlesAndMetadata() {
    invalid(() -> NewSession.titled("x".repeat(1_025)), "title", "1024", "1025");
    invalid(() -> NewSession.titled(LONE), "title", "surrogate");
    invalid(
        () -> log().update("s", SessionUpdate.defaults().withTitle("x".repeat(1_025))), "title");
    invalid(() -> log().update("s", SessionUpdate.defaults().withTitle(LONE)), "title");
    Json large = Json.encode(Map.of("k", "x".repeat(65_536)));
    invalid(
        () -> NewSession.defaults().withMetadata(large), "metadata", "65536", "" + large.size());
    invalid(
        () -> log().update("s", SessionUpdate.defaults().withMetadata(large)), "metadata", "65536");
    for (String other : List.of("[]", "\"x\"", "1", "true", "null")) {
      Json json = Json.parse(other);
      invalid(() -> NewSession.defaults().withMetadata(json), "metadata", "object");
      invalid(() -> log().update("s", SessionUpdate.defaults().withMetadata(json)), "metadata");
    }
    invalid(
        () -> log().update("s", SessionUpdate.defaults().withExpectedVersion(-1)), "expectedVer");
  }

  @Test
  @DisplayName("Bad input: listings")
  void listings() {
    for (int limit : new int[] {0, -1, 1_001, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      invalid(
          () -> log().list(SessionQuery.active().withLimit(limit)), "limit", "" + limit, "1000");
    }
    invalid(() -> log().list(SessionQuery.active().withPrefix(LONE)), "prefix");
    invalid(() -> log().list(SessionQuery.active().withAfter(LONE)), "after");
  }

  @Test
  @DisplayName("Bad input: strings of events")
  void strings() {
    NewEvent event = event("x");
    for (String bad : List.of("", LONG, LONE, "\uDE00\uD83D")) {
      invalid(() -> log().append("s", NewEvent.of(bad, EMPTY)), "type");
      invalid(() -> log().append("s", event.withActor(bad)), "actor");
      invalid(() -> log().append("s", event.withAgent(bad)));
      invalid(() -> log().append("s", event.withSource(bad)), "source");
      invalid(() -> log().append("s", event.withIdempotencyKey(bad)), "idempotencyKey");
      invalid(() -> log().append("s", event.withProducer(bad, 1)), "producerId");
      invalid(() -> log().producerPosition("s", bad), "producerId");
      invalid(() -> log().producer("s", bad), "producerId");
    }
    invalid(() -> log().append("s", event.withAgent("x".repeat(251))), "actor");
  }

  @Test
  @DisplayName("Bad input: JSON of the wrong type")
  void jsonTypes() {
    NewEvent event = event("x");
    for (String other : List.of("[]", " [{}]", "\"x\"", "0", "false", "null")) {
      Json json = Json.parse(other);
      invalid(() -> log().append("s", NewEvent.of("t", json)), "payload", "object");
      invalid(() -> log().append("s", event.withMetadata(json)), "metadata", "object");
      invalid(() -> log().append("s", event.withRefs(json)), "refs", "object");
      invalid(() -> NewEvent.fromJson(json), "object");
    }
    for (String refs : List.of("0", "-1", "1.5", "\"1\"", "9223372036854775808", "{}")) {
      Json json = Json.parse("{\"to_seq\":" + refs + "}");
      invalid(() -> log().append("s", event.withRefs(json)), "to_seq");
    }
    for (String member : List.of("\"step\":-1", "\"request_id\":1", "\"sequence_id\":[]")) {
      invalid(() -> log().append("s", event.withRefs(Json.parse("{" + member + "}"))), "refs.");
    }
  }

  @Test
  @DisplayName("Bad input: JSON as deep as only the wire form of an event may be, however made")
  void depth() {
    String deepest = "{\"x\":".repeat(99) + "{}" + "}".repeat(99);
    String deeper = "{\"x\":" + deepest + "}";
    NewEvent deep = NewEvent.of("t", Json.parse(deepest));
    for (Json json :
        List.of(
            Json.parse(deeper),
            Json.parse((" " + deeper).getBytes(StandardCharsets.UTF_8)),
            deep.toJson(),
            Event.of(1, Instant.EPOCH, deep).toJson(),
            Json.parse("{\"\\\"}}\":[],\"x\":" + deepest + "}"))) {
      invalid(() -> log().append("s", NewEvent.of("t", json)), "payload", "100");
      invalid(() -> log().append("s", event("x").withMetadata(json)), "metadata", "100");
      invalid(() -> log().append("s", event("x").withRefs(json)), "refs", "100");
      invalid(() -> log().create(NewSession.ofId("bad").withMetadata(json)), "metadata", "100");
      invalid(
          () -> log().update("s", SessionUpdate.defaults().withMetadata(json)), "metadata", "100");
    }
    assertThat(NewEvent.fromJson(deep.toJson())).isEqualTo(deep);
    assertThat(Json.parse(deeper).members()).containsValue(Json.parse(deepest));
    assertThat(NewEvent.of("t", Json.parse(deepest)).payload()).hasToString(deepest);
  }

  @Test
  @DisplayName("Bad input: what is no JSON, or none that can be kept")
  void json() {
    for (String text :
        List.of(
            "",
            " ",
            "{",
            "{}{}",
            "{'a':1}",
            "{\"a\":1,}",
            "{\"a\":NaN}",
            "{\"a\":-Infinity}",
            "{\"a\":01}",
            "{\"a\":1,\"a\":1}",
            "{\"o\":{\"a\":1,\"\\u0061\":2}}",
            "{\"a\":\"\\ud83d\"}",
            "{\"\\ude00\":1}",
            "{\"a\":\"" + LONE + "\"}",
            "{\"a\":\"\n\"}",
            "\uFEFF{}",
            "[".repeat(101) + "]".repeat(101),
            "[".repeat(100_000))) {
      invalid(() -> log().append("s", NewEvent.of("t", Json.parse(text))));
    }
    invalid(() -> Json.parse(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'}));
    for (Object value : List.of(Double.NaN, Float.POSITIVE_INFINITY, LONE, new Object())) {
      invalid(() -> log().append("s", NewEvent.of("t", Json.encode(Map.of("x", value)))));
    }
  }

  @Test
  @DisplayName("Bad input: producer numbers, expected seqs and time-outs")
  void numbers() {
    for (long bad : new long[] {0, -1, Long.MIN_VALUE}) {
      invalid(() -> log().append("s", event("x").withProducer("q", bad)), "producerSeq");
    }
    invalid(() -> log().append("s", event("x"), NONE.withExpectedSeq(-1)), "expectedSeq", "-1");
    for (Duration bad : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
      invalid(() -> log().append("s", event("x"), NONE.withTimeout(bad)), "timeout");
    }
    invalid(() -> log().producer("s", "q").append(event("x").withProducer("p", 2)), "p");
  }

  @Test
  @DisplayName("Bad input: batches that are empty, too long, too large, or have a pair twice")
  void batches() {
    invalid(() -> log().appendAll("s", List.of()), "1");
    invalid(() -> log().appendAllAsync("s", List.of(), NONE), "1");
    List<NewEvent> tooMany = Collections.nCopies(10_001, event("x"));
    invalid(() -> log().appendAll("s", tooMany), "10001", "10000");
    invalid(() -> log().appendAllAsync("s", tooMany, NONE), "10001", "10000");
    NewEvent big = event("x".repeat(1_000_000));
    invalid(() -> log().appendAll("s", Collections.nCopies(9, big)), "8388608");
    invalid(() -> log().appendAllAsync("s", Collections.nCopies(9, big), NONE), "8388608");
    List<NewEvent> twice =
        List.of(event("a").withProducer("q", 1), event("b"), event("a").withProducer("q", 1));
    invalid(() -> log().appendAll("s", twice), "q", "1");
    NewEvent tooLarge = event("x".repeat(1 << 20));
    invalid(() -> log().append("s", tooLarge), "1048576", "" + tooLarge.size());
    invalid(() -> log().appendAll("s", List.of(event("x"), tooLarge)), "1048576");
  }

  @Test
  @DisplayName("Bad input: cursors, bounds and polls of tails")
  void tails() {
    for (long bad : new long[] {-1, Long.MIN_VALUE}) {
      invalid(() -> log().tail("s", bad), "cursor", "" + bad);
      invalid(() -> log().tail("s", TailOptions.from(0).withLimit(bad)), "limit");
    }
    invalid(() -> log().tail("s", TailOptions.from(0).withLimit(0)), "limit", "0");
    try (Tail tail = log().tail("s", 0)) {
      invalid(() -> tail.poll(0, Duration.ZERO), "maxEvents", "0");
      invalid(() -> tail.poll(-1, Duration.ofDays(1)), "maxEvents", "-1");
    }
  }

  @Test
  @DisplayName("Bad input: time-outs beyond what a long of nanoseconds holds are as good as others")
  void hugeDurations() {
    Duration most = Duration.ofSeconds(Long.MAX_VALUE);
    log().append("s", event("one").withProducer("p", 1), NONE.withTimeout(most));
    try (Tail tail = log().tail("s", 0)) {
      tail.poll(most).orElseThrow();
      invalid(() -> tail.poll(Duration.ofSeconds(Long.MIN_VALUE)), "timeout");
      invalid(() -> tail.poll(5, Duration.ofNanos(-1)), "timeout");
    }
    settings(builder -> builder.appendTimeout(most).closeTimeout(most));
    reopen();
  }

  @Test
  @DisplayName("Bad input: settings of a log")
  void settingsOfLog() {
    closeLog();
    settings(
        builder -> {
          invalid(() -> builder.maxEventBytes(1_023), "maxEventBytes", "1023", "1024");
          invalid(() -> builder.maxEventBytes((8 << 20) + 1), "maxEventBytes");
          invalid(() -> builder.maxPendingBytes((1 << 20) - 1), "maxPendingBytes");
          invalid(() -> builder.maxProducers(0), "maxProducers", "0");
          invalid(() -> builder.sessionCacheBytes(0), "sessionCacheBytes");
          invalid(() -> builder.pageCacheBytes(-1), "pageCacheBytes");
          invalid(() -> builder.appendTimeout(Duration.ZERO), "appendTimeout");
          invalid(() -> builder.closeTimeout(Duration.ofSeconds(-1)), "closeTimeout");
          return builder;
        });
    SessionLog log = log();
    settings(builder -> builder);
    log.append("s", event("one").withProducer("p", 1));
  }

  @Test
  @DisplayName("TAIL-5: a filter that no event can match is INVALID")
  void impossibleFilters() {
    invalid(() -> TailOptions.from(0).withTypes(""), "names", "empty");
    invalid(() -> TailOptions.from(0).withActors("x".repeat(257)), "names", "256");
    invalid(() -> TailOptions.from(0).withProducers("\uD800"), "ids");
  }
}
