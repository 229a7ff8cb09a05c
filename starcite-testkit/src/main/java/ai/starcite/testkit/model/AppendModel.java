package ai.starcite.testkit.model;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The events of a session as the contract tells it: a list, and rules. */
final class AppendModel {
  private final int maxProducers;
  private final List<Stored> events = new ArrayList<>();
  private final Map<String, TreeMap<Long, Stored>> producers = new HashMap<>();
  private boolean sealed;

  /** A stored event; whether it sealed the session is part of its content. */
  record Stored(NewEvent event, long seq, boolean seals) {}

  AppendModel(int maxProducers) {
    this.maxProducers = maxProducers;
  }

  List<NewEvent> events() {
    return events.stream().map(Stored::event).toList();
  }

  boolean isSealed() {
    return sealed;
  }

  void seal() {
    sealed = true;
  }

  long lastSeq() {
    return events.size();
  }

  /** The last number of a producer, or 0. */
  long last(String producerId) {
    return producers.containsKey(producerId) ? producers.get(producerId).lastKey() : 0;
  }

  /** The first number of a producer. */
  long first(String producerId) {
    return producers.get(producerId).firstKey();
  }

  /** The seq of a producer's last event. */
  long lastSeq(String producerId) {
    return producers.get(producerId).lastEntry().getValue().seq();
  }

  /** Some stored event of a producer. */
  Optional<NewEvent> stored(String producerId, int pick) {
    TreeMap<Long, Stored> known = producers.get(producerId);
    return known == null
        ? Optional.empty()
        : Optional.of(List.copyOf(known.values()).get(pick % known.size()).event());
  }

  /** Appends a batch without a pair that is there twice, or throws what the log must throw. */
  List<AppendResult> append(List<NewEvent> batch, AppendOptions options) {
    Map<String, Long> last = new HashMap<>();
    Set<String> newProducers = new HashSet<>();
    List<Optional<Stored>> known = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      known.add(judge(batch.get(i), options.seal() && i == batch.size() - 1, last, newProducers));
    }
    if (known.stream().anyMatch(Optional::isEmpty)) {
      require(
          newProducers.isEmpty() || producers.size() + newProducers.size() <= maxProducers,
          new SessionLogException(Code.TOO_MANY_PRODUCERS, ""));
      require(!sealed, new SessionLogException(Code.SESSION_SEALED, ""));
      require(
          options.expectedSeq().orElse(lastSeq()) == lastSeq(),
          new SessionLogException(Code.EXPECTED_SEQ_CONFLICT, "").withCurrentSeq(lastSeq()));
    }
    List<Long> seqs = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      boolean seals = options.seal() && i == batch.size() - 1;
      NewEvent event = batch.get(i);
      seqs.add(known.get(i).map(Stored::seq).orElseGet(() -> store(event, seals)));
    }
    List<AppendResult> results = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      results.add(new AppendResult(seqs.get(i), lastSeq(), known.get(i).isPresent()));
    }
    return results;
  }

  static void requireDistinct(List<NewEvent> batch) {
    Set<List<Object>> pairs = new HashSet<>();
    for (NewEvent event : batch) {
      require(
          event.producerId().isEmpty()
              || pairs.add(List.of(event.producerId().get(), event.producerSeq().getAsLong())),
          new SessionLogException(Code.INVALID, ""));
    }
  }

  private Optional<Stored> judge(
      NewEvent event, boolean seals, Map<String, Long> last, Set<String> newProducers) {
    if (event.producerId().isEmpty()) {
      return Optional.empty();
    }
    String producerId = event.producerId().get();
    long number = event.producerSeq().getAsLong();
    TreeMap<Long, Stored> known = producers.get(producerId);
    Stored stored = known == null ? null : known.get(number);
    if (stored != null) {
      require(
          stored.seals() == seals && sameContent(stored.event(), event),
          new SessionLogException(Code.PRODUCER_REPLAY_CONFLICT, "").withCurrentSeq(stored.seq()));
      return Optional.of(stored);
    }
    long before = last.getOrDefault(producerId, last(producerId));
    if (before == 0) {
      newProducers.add(producerId);
    } else {
      require(
          number == before + 1,
          new SessionLogException(Code.PRODUCER_SEQ_CONFLICT, "")
              .withExpectedProducerSeq(before + 1));
    }
    last.put(producerId, number);
    return Optional.empty();
  }

  private static boolean sameContent(NewEvent a, NewEvent b) {
    return a.type().equals(b.type())
        && a.actor().equals(b.actor())
        && a.source().equals(b.source())
        && a.idempotencyKey().equals(b.idempotencyKey())
        && sameValue(a.metadata(), b.metadata())
        && sameValue(a.refs(), b.refs())
        && a.payload().sameValue(b.payload());
  }

  private static boolean sameValue(Optional<Json> a, Optional<Json> b) {
    return a.isPresent() && b.isPresent() ? a.get().sameValue(b.get()) : a.equals(b);
  }

  private long store(NewEvent event, boolean seals) {
    Stored stored = new Stored(event, events.size() + 1L, seals);
    events.add(stored);
    sealed |= seals;
    event
        .producerId()
        .ifPresent(
            id ->
                producers
                    .computeIfAbsent(id, each -> new TreeMap<>())
                    .put(event.producerSeq().getAsLong(), stored));
    return stored.seq();
  }

  private static void require(boolean condition, SessionLogException otherwise) {
    if (!condition) {
      throw otherwise;
    }
  }
}
