package ai.starcite.testkit.model;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * What an event is to be, whatever its session has by then: so it keeps its meaning when calls
 * before it are left out.
 *
 * @param kind how it stands to what its producer has sent
 * @param producerId its producer, if its kind has one
 * @param pick varies what the kind leaves open
 * @param content all else
 */
record EventIntent(Kind kind, String producerId, int pick, NewEvent content) {
  static final List<String> PRODUCERS = List.of("p1", "p2", "p3", "p4");
  static final List<String> TYPES = List.of("content", "t");
  static final List<String> ACTORS = List.of("user:u", "agent:x");

  /** How an event stands to what its producer has sent. */
  enum Kind {
    PLAIN,
    NEXT,
    RETRY,
    OTHER_CONTENT,
    GAP,
    BELOW
  }

  static Arbitrary<EventIntent> intents() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(4, Kind.PLAIN),
            Tuple.of(8, Kind.NEXT),
            Tuple.of(5, Kind.RETRY),
            Tuple.of(2, Kind.OTHER_CONTENT),
            Tuple.of(1, Kind.GAP),
            Tuple.of(1, Kind.BELOW));
    Arbitrary<String> producers =
        Arbitraries.frequency(
            Tuple.of(6, "p1"), Tuple.of(3, "p2"), Tuple.of(2, "p3"), Tuple.of(1, "p4"));
    return Combinators.combine(kinds, producers, Arbitraries.integers().between(0, 9), contents())
        .as(EventIntent::new);
  }

  private static Arbitrary<NewEvent> contents() {
    Arbitrary<Integer> extras =
        Arbitraries.frequency(Tuple.of(9, 0), Tuple.of(1, 1), Tuple.of(1, 2));
    return Combinators.combine(
            Arbitraries.of(TYPES),
            Payloads.payloads(),
            Arbitraries.of(ACTORS).optional(0.4),
            extras)
        .as(
            (type, payload, actor, extra) -> {
              NewEvent event = NewEvent.of(type, payload);
              NewEvent done = actor.map(event::withActor).orElse(event);
              return switch (extra) {
                case 1 -> done.withMetadata(Json.parse("{\"m\":1}")).withIdempotencyKey("k");
                case 2 -> done.withRefs(Json.parse("{\"to_seq\":1}")).withSource("s");
                default -> done;
              };
            });
  }

  /**
   * The event in a session as it stands.
   *
   * @param last by producer, its last number in the same batch; this event is added
   */
  NewEvent resolve(AppendModel session, Map<String, Long> last) {
    long before = last.getOrDefault(producerId, session.last(producerId));
    NewEvent stored = session.stored(producerId, pick).orElse(null);
    if (kind == Kind.PLAIN) {
      return content;
    }
    if (stored != null && kind == Kind.RETRY) {
      return respelled(stored);
    }
    if (stored != null && kind == Kind.OTHER_CONTENT) {
      return content.withProducer(producerId, stored.producerSeq().getAsLong());
    }
    if (stored != null && kind == Kind.BELOW && session.first(producerId) > 1) {
      return content.withProducer(producerId, session.first(producerId) - 1);
    }
    long number = before == 0 ? pick + 1 : kind == Kind.GAP ? before + 2 + pick : before + 1;
    last.put(producerId, number);
    return content.withProducer(producerId, number);
  }

  /** The same of another producer. */
  EventIntent by(String producer) {
    return new EventIntent(kind, producer, pick, content);
  }

  private static NewEvent respelled(NewEvent stored) {
    NewEvent event = NewEvent.of(stored.type(), Payloads.respelled(stored.payload()));
    event = stored.actor().map(event::withActor).orElse(event);
    event = stored.source().map(event::withSource).orElse(event);
    event = stored.metadata().map(Payloads::respelled).map(event::withMetadata).orElse(event);
    event = stored.refs().map(event::withRefs).orElse(event);
    event = stored.idempotencyKey().map(event::withIdempotencyKey).orElse(event);
    return event.withProducer(stored.producerId().orElseThrow(), stored.producerSeq().getAsLong());
  }
}
