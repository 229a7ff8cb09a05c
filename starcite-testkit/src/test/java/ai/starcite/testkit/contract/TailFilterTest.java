package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a filtered tail lets through, and where it says it is: clause TAIL-5. */
@OverMemory
class TailFilterTest extends ReaderFixture {
  private static final TailOptions ALL = TailOptions.from(0);

  private static NewEvent of(String type) {
    return NewEvent.of(type, Json.parse("{}"));
  }

  /** Seqs 1 to 7. */
  private String mixed() {
    String id = newSession();
    log()
        .appendAll(
            id,
            List.of(
                of("message").withAgent("drafter"),
                of("message").withActor("user:u1"),
                of("status").withAgent("drafter").withProducer("p1", 1),
                of("status"),
                of("message").withActor("drafter").withProducer("p2", 1)));
    log().append(id, of("thinking").withAgent("critic"));
    log().append(id, of("message").withAgent("critic").withProducer("p1", 2));
    return id;
  }

  private List<Long> matching(String id, TailOptions options) {
    return seqs(read(id, options));
  }

  @Test
  @DisplayName("TAIL-5: each field filters by its own value")
  void oneField() {
    String id = mixed();

    assertThat(matching(id, ALL.withTypes("status"))).containsExactly(3L, 4L);
    assertThat(matching(id, ALL.withActors("user:u1"))).containsExactly(2L);
    assertThat(matching(id, ALL.withProducers("p1"))).containsExactly(3L, 7L);
    assertThat(matching(id, ALL.withTypes("nothing"))).isEmpty();
  }

  @Test
  @DisplayName("TAIL-5: an agent x is the actor agent:x, and not the actor x")
  void agent() {
    String id = mixed();

    assertThat(matching(id, ALL.withAgents("drafter"))).containsExactly(1L, 3L);
    assertThat(matching(id, ALL.withActors("agent:drafter"))).containsExactly(1L, 3L);
    assertThat(matching(id, ALL.withActors("drafter"))).containsExactly(5L);
    assertThat(ALL.withAgents("drafter")).isEqualTo(ALL.withActors("agent:drafter"));
  }

  @Test
  @DisplayName("TAIL-5: the values of one field are alternatives, also when given one by one")
  void or() {
    String id = mixed();

    assertThat(matching(id, ALL.withTypes("status", "thinking"))).containsExactly(3L, 4L, 6L);
    assertThat(matching(id, ALL.withTypes("status").withTypes("thinking")))
        .containsExactly(3L, 4L, 6L);
    assertThat(matching(id, ALL.withAgents("critic").withActors("user:u1")))
        .containsExactly(2L, 6L, 7L);
  }

  @Test
  @DisplayName("TAIL-5: the fields must all match")
  void and() {
    String id = mixed();

    assertThat(matching(id, ALL.withTypes("message").withAgents("drafter", "critic")))
        .containsExactly(1L, 7L);
    assertThat(
            matching(
                id, ALL.withTypes("message").withAgents("drafter", "critic").withProducers("p1")))
        .containsExactly(7L);
    assertThat(matching(id, ALL.withTypes("thinking").withProducers("p1"))).isEmpty();
  }

  @Test
  @DisplayName("TAIL-5: the limit counts what is let through")
  void limit() {
    String id = mixed();

    assertThat(matching(id, ALL.withTypes("message").withLimit(3))).containsExactly(1L, 2L, 5L);
  }

  @Test
  @DisplayName("TAIL-5: the cursor moves over what was passed over, up to the head")
  void cursor_movesOverTheRest() {
    String id = mixed();
    try (Tail tail = log().tail(id, ALL.withActors("user:u1"))) {
      assertThat(tail.cursor().seq()).isZero();
      assertThat(tail.next().seq()).isEqualTo(2);
      assertThat(tail.cursor().seq()).isEqualTo(2);
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
      assertThat(tail.cursor().seq()).isEqualTo(7);

      log().append(id, of("other"));
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
      assertThat(tail.cursor().seq()).isEqualTo(8);
    }
  }

  @Test
  @DisplayName("TAIL-5: the cursor stays before an event that hasNext found and nobody took")
  void cursor_beforeThePending() {
    Tail tail = log().tail(mixed(), ALL.withTypes("status"));
    assertThat(tail.hasNext()).isTrue();
    assertThat(tail.hasNext()).isTrue();
    assertThat(tail.cursor().seq()).isEqualTo(2);
    assertThat(tail.next().seq()).isEqualTo(3);
    assertThat(tail.cursor().seq()).isEqualTo(3);
    assertThat(tail.hasNext()).isTrue();

    tail.close();

    assertThat(tail.cursor().seq()).as("closed with event 4 pending").isEqualTo(3);
    // Whether a closed tail still has what it found is its own affair.
    tail.hasNext();
    assertThat(tail.cursor().seq()).as("asked again after the close").isEqualTo(3);
  }

  @Test
  @DisplayName("TAIL-5: a batch that is polled moves the cursor to its last event only")
  void cursor_afterBatch() {
    String id = mixed();
    try (Tail tail = log().tail(id, ALL.withTypes("message"))) {
      assertThat(seqs(tail.poll(2, Duration.ZERO))).containsExactly(1L, 2L);
      assertThat(tail.cursor().seq()).isEqualTo(2);
      assertThat(seqs(tail.poll(10, Duration.ZERO))).containsExactly(5L, 7L);
      assertThat(tail.cursor().seq()).isEqualTo(7);
    }
  }

  @Test
  @DisplayName("TAIL-5: at its bound a filtered tail has scanned to there")
  void cursor_atBound() {
    String id = mixed();
    try (Tail tail = log().tail(id, ALL.withActors("nobody").withoutFollowing())) {
      append(id, 1);
      assertThat(tail.hasNext()).isFalse();
      assertThat(tail.cursor().seq()).isEqualTo(7);
      assertThat(tail.end()).contains(TailEnd.BOUND);
    }
  }

  @Test
  @DisplayName("TAIL-5: a filtered tail that waits is woken by what it lets through only")
  void live() {
    String id = mixed();
    try (Tail tail = log().tail(id, ALL.withTypes("message").withAgents("drafter"))) {
      assertThat(tail.next().seq()).isEqualTo(1);
      InThread<Event> reader = start(tail::next).untilBlocked();
      log().append(id, of("message"));
      log().append(id, of("status").withAgent("drafter"));
      reader.untilBlocked();

      long seq = log().append(id, of("message").withAgent("drafter")).seq();

      assertThat(reader.result().seq()).isEqualTo(seq);
    }
  }

  @Test
  @DisplayName("TAIL-5: however a filtered reader stops and resumes, it sees each match once")
  void resume_random() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String id = newSession();
    List<String> types = List.of("a", "b", "c");
    for (int batch = 0; batch < 20; batch++) {
      List<NewEvent> events = new ArrayList<>();
      for (int i = random.nextInt(30); i >= 0; i--) {
        NewEvent event = of(types.get(random.nextInt(3)));
        events.add(random.nextBoolean() ? event.withAgent("x" + random.nextInt(3)) : event);
      }
      log().appendAll(id, events);
    }
    List<Event> all = read(id);
    for (int round = 0; round < 20; round++) {
      Set<String> wantedTypes =
          new HashSet<>(List.of(types.get(random.nextInt(3)), types.get(random.nextInt(3))));
      TailOptions filter = ALL.withTypes(wantedTypes.toArray(String[]::new));
      Predicate<Event> matches = event -> wantedTypes.contains(event.type());
      if (random.nextBoolean()) {
        filter = filter.withAgents("x1");
        matches = matches.and(event -> event.actor().equals(Optional.of("agent:x1")));
      }
      assertThat(seqs(readInPieces(id, filter, random)))
          .as("seed %d, round %d, %s", seed, round, filter)
          .isEqualTo(seqs(all.stream().filter(matches).toList()));
    }
  }

  private List<Event> readInPieces(String id, TailOptions filter, Random random) {
    long last = log().get(id).lastSeq();
    List<Event> seen = new ArrayList<>();
    long cursor = 0;
    while (cursor < last) {
      TailOptions from = filter.withCursor(cursor);
      if (random.nextBoolean()) {
        from = from.withoutFollowing();
      }
      try (Tail tail = log().tail(id, from)) {
        for (int i = random.nextInt(12); i >= 0; i--) {
          tail.poll(Duration.ZERO).ifPresent(seen::add);
          if (random.nextInt(4) == 0) {
            seen.addAll(tail.poll(1 + random.nextInt(4), Duration.ZERO));
          }
        }
        if (random.nextBoolean() && tail.cursor().seq() < last && !from.follow()) {
          tail.hasNext();
        }
        assertThat(tail.cursor().seq()).isGreaterThanOrEqualTo(cursor);
        cursor = tail.cursor().seq();
      }
    }
    return seen;
  }
}
