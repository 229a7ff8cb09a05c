package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Tail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The fields of an event, on their way through the log. */
@OverMemory
class EventTest extends LogFixture {
  private final DrivenClock clock = new DrivenClock("2026-01-31T12:00:00.123456789Z");

  @BeforeEach
  void create() {
    settings(builder -> builder.clock(clock));
    log().create(NewSession.ofId("s"));
  }

  private static NewEvent full() {
    return NewEvent.of("my own type", Json.parse("{\"a\": 1}"))
        .withActor("agent:drafter")
        .withSource("somewhere")
        .withMetadata(Json.parse("{\"trace\": [1, 2.0]}"))
        .withRefs(
            Json.parse(
                "{\"to_seq\":1,\"request_id\":\"r\",\"sequence_id\":\"q\",\"step\":0,"
                    + "\"own\":{\"x\":null}}"))
        .withIdempotencyKey("key")
        .withProducer("p", 41);
  }

  @Test
  @DisplayName("EVT-1: every field comes back as it was given, with seq and time")
  void fields() {
    NewEvent minimal = NewEvent.of("t", Json.parse("{}"));
    log().appendAll("s", List.of(full(), minimal));
    for (int i = 0; i < 2; i++) {
      List<Event> events = read("s");
      assertThat(events).extracting(Event::toNewEvent).containsExactly(full(), minimal);
      assertThat(events).extracting(Event::seq).containsExactly(1L, 2L);
      assertThat(events.get(0).refs()).contains(full().refs().orElseThrow());
      assertThat(events.get(0).producerSeq()).hasValue(41);
      assertThat(events.get(1).actor()).isEmpty();
      assertThat(events.get(1).source()).isEmpty();
      assertThat(events.get(1).metadata()).isEmpty();
      assertThat(events.get(1).refs()).isEmpty();
      assertThat(events.get(1).idempotencyKey()).isEmpty();
      assertThat(events.get(1).producerId()).isEmpty();
      assertThat(events.get(1).producerSeq()).isEmpty();
      reopen();
    }
  }

  @Test
  @DisplayName("EVT-1: any string of 1 to 256 bytes is kept in every field that is a string")
  void strings() {
    List<String> strings =
        List.of(
            "x",
            " ",
            "\u0000",
            "\n",
            "no:convention:at all",
            "\uFEFF",
            "\u20AC".repeat(85) + "x",
            "\uD83D\uDE00".repeat(64));
    List<NewEvent> events = new ArrayList<>();
    for (String each : strings) {
      events.add(
          NewEvent.of(each, Json.parse("{}"))
              .withActor(each)
              .withSource(each)
              .withIdempotencyKey(each)
              .withProducer(each, Long.MAX_VALUE));
    }
    log().appendAll("s", events);
    assertThat(read("s")).extracting(Event::toNewEvent).containsExactlyElementsOf(events);
    reopen();
    assertThat(read("s")).extracting(Event::toNewEvent).containsExactlyElementsOf(events);
  }

  @Test
  @DisplayName("EVT-1: the idempotency key is stored and never acted on")
  void idempotencyKeyIsNotActedOn() {
    NewEvent event = event("again").withIdempotencyKey("key");
    assertThat(log().append("s", event)).isEqualTo(new AppendResult(1, 1, false));
    assertThat(log().append("s", event)).isEqualTo(new AppendResult(2, 2, false));
    assertThat(read("s")).extracting(Event::toNewEvent).containsExactly(event, event);
  }

  @Test
  @DisplayName("EVT-1: inserted_at is the time in microseconds")
  void insertedAt() {
    log().append("s", event("one"));
    clock.move(Duration.ofNanos(211));
    log().append("s", event("two"));
    clock.move(Duration.ofDays(10_000));
    log().append("s", event("three"));
    reopen();
    assertThat(read("s"))
        .extracting(Event::insertedAt)
        .containsExactly(
            Instant.parse("2026-01-31T12:00:00.123456Z"),
            Instant.parse("2026-01-31T12:00:00.123457Z"),
            Instant.parse("2053-06-18T12:00:00.123457Z"));
  }

  @Test
  @DisplayName("EVT-1: inserted_at never decreases, though the clock does, restarts included")
  void insertedAtNeverDecreases() {
    log().append("s", event("one"));
    clock.move(Duration.ofHours(-1));
    log().append("s", event("two"));
    reopen();
    clock.move(Duration.ofDays(-400));
    log().append("s", event("three"));
    log().append("s", event("four"), AppendOptions.defaults().withSeal());
    assertThat(read("s"))
        .extracting(Event::insertedAt)
        .containsOnly(Instant.parse("2026-01-31T12:00:00.123456Z"));
    assertThat(log().get("s").updatedAt()).isEqualTo("2026-01-31T12:00:00.123456Z");
  }

  @Test
  @DisplayName("EVT-2: the event that a live tail hands over equals the one read back later")
  void liveEqualsCold() throws Exception {
    List<Event> live = new ArrayList<>();
    AtOnce.run(
        2,
        thread -> {
          if (thread == 0) {
            for (int i = 0; i < 100; i++) {
              clock.move(Duration.ofNanos(1_234));
              log().append("s", full().withProducer("p", i + 1).withSource("source " + i % 7));
            }
          } else {
            try (Tail tail = log().tail("s", 0)) {
              while (live.size() < 100) {
                live.add(tail.next());
              }
            }
          }
          return null;
        });
    assertThat(read("s")).isEqualTo(live);
    reopen();
    List<Event> cold = read("s");
    assertThat(cold).isEqualTo(live);
    assertThat(cold).extracting(Event::toJson).isEqualTo(live.stream().map(Event::toJson).toList());
    assertThat(cold).extracting(e -> Event.fromJson(e.toJson())).isEqualTo(live);
  }
}
