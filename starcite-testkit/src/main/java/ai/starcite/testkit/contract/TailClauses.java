package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Refs;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a tail delivers: clauses TAIL-1 and TAIL-2, and EVT-2 for what is live. */
public abstract class TailClauses extends TailFixture {

  @Test
  @DisplayName("TAIL-1: from every cursor, exactly the events after it are delivered")
  void tail_fromEveryCursor() {
    String id = newSession();
    append(id, 4);
    append(id, 4);

    for (long cursor = 0; cursor <= 8; cursor++) {
      List<Event> events = read(id, TailOptions.from(cursor));

      assertThat(seqs(events)).as("from %d", cursor).isEqualTo(range(cursor + 1, 8));
    }
  }

  @Test
  @DisplayName("TAIL-1: a reader resumes from its cursor after a restart")
  void tail_resumesAfterRestart() {
    String id = sessionOf(6);
    long cursor;
    try (Tail tail = log().tail(id, 0)) {
      take(tail, 4);
      cursor = tail.cursor().seq();
    }

    reopen();

    append(id, 1);
    assertThat(seqs(read(id, TailOptions.from(cursor)))).containsExactly(5L, 6L, 7L);
  }

  @Test
  @DisplayName("TAIL-2: an acknowledged append is visible to a tail opened after it")
  void tail_readsYourWrites() {
    String id = newSession();
    for (int i = 1; i <= 50; i++) {
      long seq = log().append(id, event("n" + i)).seq();
      try (Tail tail = log().tail(id, seq - 1)) {
        Optional<Event> event = tail.poll(Duration.ZERO);

        assertThat(event).map(Event::seq).as("right after append %d", i).contains(seq);
      }
    }
  }

  @Test
  @DisplayName("TAIL-2: a tail that is open already has an event once its append is acknowledged")
  void openTail_readsYourWrites() {
    String id = newSession();
    try (Tail tail = log().tail(id, 0)) {
      for (int i = 1; i <= 50; i++) {
        long seq = log().append(id, event("n" + i)).seq();

        assertThat(tail.poll(Duration.ZERO)).map(Event::seq).contains(seq);
      }
    }
  }

  @Test
  @DisplayName("EVT-2: an event is the same live, cold, and after a restart, to the last byte")
  void liveEqualsCold() {
    List<NewEvent> sent = variedEvents();
    String id = newSession();
    List<Event> live;
    try (Tail tail = log().tail(id, 0)) {
      log().append(id, sent.get(0));
      log().appendAll(id, sent.subList(1, sent.size()));
      live = take(tail, sent.size());
    }
    List<Event> cold = read(id);
    reopen();
    List<Event> reread = read(id);

    assertThat(live.stream().map(Event::toNewEvent)).isEqualTo(sent);
    assertThat(cold).isEqualTo(live);
    assertThat(reread).isEqualTo(live);
    for (int i = 0; i < sent.size(); i++) {
      byte[] payload = sent.get(i).payload().bytes();
      assertThat(live.get(i).payload().bytes()).isEqualTo(payload);
      assertThat(reread.get(i).payload().bytes()).isEqualTo(payload);
      assertThat(live.get(i).insertedAt())
          .isEqualTo(live.get(i).insertedAt().truncatedTo(ChronoUnit.MICROS));
    }
  }

  /** Events that have all fields, and some that have none but those required. */
  private static List<NewEvent> variedEvents() {
    Json odd = Json.parse("{ \"n\" : 1.0e2 , \"s\":\"\\u00e9\\ud83d\\ude00 \u00e9\" ,\"a\":[ ]}");
    return List.of(
        NewEvent.of("content", odd)
            .withAgent("drafter")
            .withSource("\u6e90")
            .withMetadata(Json.parse("{\"k\" : [1, 2] }"))
            .withRefs(Refs.to(1))
            .withIdempotencyKey("key-1")
            .withProducer("p1", 7),
        NewEvent.of("status", Json.parse("{}")),
        NewEvent.of("content", odd).withActor("user:u1").withProducer("p1", 8),
        NewEvent.of("tool_call", Json.parse("{\"call_id\":\"c\"}"))
            .withRefs(Json.parse("{\"to_seq\":1, \"own\" : null}")));
  }
}
