package ai.starcite.testkit;

import ai.starcite.AppendOptions;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random calls of a few producers, and what they come to in a session as it stands. */
final class AppendScript {
  static final List<String> PRODUCERS = List.of("a", "b", "c", "d");

  private AppendScript() {}

  /** A step of a script. */
  sealed interface Step {}

  /** A call to append. */
  record Append(List<Item> items, Expect expect, boolean seal) implements Step {}

  /** A call to seal. */
  record Seal() implements Step {}

  /** A restart. */
  record Reopen() implements Step {}

  /** What an event is to be. */
  enum Kind {
    NEW,
    RETRY,
    OTHER_CONTENT,
    GAP,
    PLAIN
  }

  /** An event of a call; {@code pick} varies what its kind leaves open. */
  record Item(String producerId, Kind kind, int pick) {}

  /** What last seq a call expects. */
  enum Expect {
    NOTHING,
    RIGHT,
    WRONG
  }

  static Arbitrary<List<Step>> scripts() {
    return Arbitraries.frequencyOf(
            Tuple.of(40, appends()),
            Tuple.of(1, Arbitraries.just(new Seal())),
            Tuple.of(3, Arbitraries.just(new Reopen())))
        .list()
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  private static Arbitrary<Step> appends() {
    Arbitrary<Item> items =
        Combinators.combine(
                Arbitraries.of(PRODUCERS),
                Arbitraries.frequency(
                    Tuple.of(6, Kind.NEW),
                    Tuple.of(3, Kind.RETRY),
                    Tuple.of(1, Kind.OTHER_CONTENT),
                    Tuple.of(1, Kind.GAP),
                    Tuple.of(2, Kind.PLAIN)),
                Arbitraries.integers().between(0, 20))
            .as(Item::new);
    Arbitrary<Expect> expects =
        Arbitraries.frequency(
            Tuple.of(6, Expect.NOTHING), Tuple.of(2, Expect.RIGHT), Tuple.of(1, Expect.WRONG));
    Arbitrary<Boolean> seals = Arbitraries.frequency(Tuple.of(40, false), Tuple.of(1, true));
    return Combinators.combine(items.list().ofMinSize(1).ofMaxSize(5), expects, seals)
        .as(Append::new);
  }

  /** The events of a call, as the session stands. */
  static List<NewEvent> events(Append append, AppendModel model) {
    Map<String, Long> last = new HashMap<>();
    List<NewEvent> events = new ArrayList<>();
    for (Item item : append.items()) {
      String id = item.producerId();
      long before = last.getOrDefault(id, model.last(id));
      NewEvent stored = model.stored(id, item.pick()).orElse(null);
      if (item.kind() == Kind.PLAIN) {
        events.add(content("plain", item.pick()));
      } else if (item.kind() == Kind.RETRY && stored != null) {
        // The same value in other bytes.
        events.add(
            NewEvent.of(stored.type(), Json.parse(" " + stored.payload() + " "))
                .withProducer(id, stored.producerSeq().getAsLong()));
      } else if (item.kind() == Kind.OTHER_CONTENT && stored != null) {
        events.add(content("forged", 0).withProducer(id, stored.producerSeq().getAsLong()));
      } else {
        long next = before == 0 ? item.pick() + 1 : before + 1;
        long number = item.kind() == Kind.GAP ? next + 1 + item.pick() : next;
        events.add(content(id, number).withProducer(id, number));
        last.put(id, number);
      }
    }
    return events;
  }

  private static NewEvent content(String text, long number) {
    return NewEvent.of("content", Json.parse("{\"text\":\"%s\",\"n\":%d}".formatted(text, number)));
  }

  /** The demands of a call, as the session stands. */
  static AppendOptions options(Append append, AppendModel model) {
    AppendOptions options = AppendOptions.none();
    if (append.expect() != Expect.NOTHING) {
      long wrong = append.expect() == Expect.WRONG ? 1 : 0;
      options = options.withExpectedSeq(model.lastSeq() + wrong);
    }
    return append.seal() ? options.withSeal() : options;
  }
}
