package ai.starcite.testkit.contract;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.testkit.history.History;
import ai.starcite.testkit.history.Marks;
import ai.starcite.testkit.history.ProducerNumbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** One caller of many: does at random what users do, and what they should not, on some sessions. */
final class RandomCaller {
  private static final Set<Code> UNCALLED_FOR =
      Set.of(
          Code.INVALID,
          Code.TOO_MANY_PRODUCERS,
          Code.BACKPRESSURE,
          Code.STORE_UNAVAILABLE,
          Code.CORRUPT,
          Code.CLOSED);

  /** What all callers of a history have in common. */
  record Scene(
      History history,
      List<SessionLog> logs,
      List<String> sessions,
      Set<String> mortal,
      Map<String, Long> races) {

    Scene(History history, List<SessionLog> logs, List<String> sessions, Set<String> mortal) {
      this(history, logs, sessions, mortal, new ConcurrentHashMap<>());
    }
  }

  private record Sent(
      ProducerNumbers numbers,
      List<NewEvent> events,
      CompletableFuture<List<AppendResult>> future) {}

  private final Scene scene;
  private final History history;
  private final int number;
  private final Random random;
  private final Map<String, ProducerNumbers> numbers = new HashMap<>();
  private final List<Sent> sent = new ArrayList<>();
  private final Marks marks;

  RandomCaller(Scene scene, int number, long seed) {
    this.scene = scene;
    this.history = scene.history();
    this.number = number;
    this.random = new Random(seed * 1_000 + number);
    this.marks = new Marks("caller-" + number, random);
  }

  /** Makes so many calls, fewer where each takes long, and waits for their answers. */
  void run(int calls) {
    for (int call : Rounds.upTo(calls)) {
      try {
        call();
      } catch (SessionLogException e) {
        note(e);
      }
      sent.removeIf(each -> each.future().isDone() && settle(each));
    }
    sent.forEach(this::settle);
  }

  private SessionLog log() {
    List<SessionLog> logs = scene.logs();
    return logs.get((random.nextInt(8) == 0 ? random.nextInt(logs.size()) : number) % logs.size());
  }

  private void call() {
    String id = scene.sessions().get(random.nextInt(scene.sessions().size()));
    ProducerNumbers own =
        numbers.computeIfAbsent(id, any -> new ProducerNumbers("caller-" + number, random));
    AppendOptions none = AppendOptions.defaults();
    int dice = random.nextInt(100);
    if (dice < 20) {
      block(id, own, own.take(1), none);
    } else if (dice < 36) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        send(id, own, own.take(1), none);
      }
    } else if (dice < 46) {
      appendEither(id, own, batch(own), none);
    } else if (dice < 56) {
      appendEither(id, own, random.nextBoolean() ? batch(own) : own.take(1), expecting(id));
    } else if (dice < 66) {
      appendEither(id, own, own.repeated(1 + random.nextInt(3)), none);
    } else if (dice < 70) {
      appendEither(id, own, List.of(random.nextInt(3) == 0 ? own.beyond() : own.forged()), none);
    } else if (dice < 76) {
      var future = send(id, own, random.nextBoolean() ? batch(own) : own.take(1), none);
      future.cancel(random.nextBoolean());
    } else if (dice < 79) {
      Duration soon = Duration.ofNanos(1 + random.nextInt(300_000));
      appendEither(id, own, own.take(1), none.withTimeout(soon));
    } else if (dice < 87) {
      race(id, own);
    } else if (dice < 93) {
      tail(id);
    } else if (dice < 95) {
      history.update(log(), id, marks.next(() -> history.get(log(), id).version()));
    } else if (dice < 97 || !scene.mortal().contains(id)) {
      appendEither(id, own, List.of(own.anonymous()), none);
    } else {
      end(id, own);
    }
  }

  private List<NewEvent> batch(ProducerNumbers own) {
    List<NewEvent> events = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      events.addAll(own.repeated(1));
    } else {
      events.addAll(own.take(1 + random.nextInt(3)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      events.add(random.nextInt(events.size() + 1), own.anonymous());
    }
    return events;
  }

  private AppendOptions expecting(String id) {
    long last = history.get(log(), id).lastSeq();
    return AppendOptions.defaults().withExpectedSeq(random.nextInt(8) == 0 ? last + 1 : last);
  }

  /** An event of a producer that several callers have, who do not wait for each other. */
  private void race(String id, ProducerNumbers own) {
    long next = scene.races().getOrDefault(id, 1L);
    String text = random.nextInt(3) == 0 ? "of caller " + number : "of all";
    NewEvent event =
        NewEvent.of("content", Json.encode(Map.of("text", text + " " + next)))
            .withProducer("all", next);
    try {
      history.append(log(), id, event);
      scene.races().merge(id, next + 1, Math::max);
    } catch (SessionLogException e) {
      note(e);
      if (e.code() == Code.PRODUCER_SEQ_CONFLICT) {
        scene.races().put(id, e.expectedProducerSeq().orElseThrow());
      } else if (e.code() == Code.PRODUCER_REPLAY_CONFLICT) {
        scene.races().merge(id, next + 1, Math::max);
      }
    }
  }

  private void tail(String id) {
    SessionLog log = log();
    long last = history.get(log, id).lastSeq();
    long cursor = random.nextInt(8) == 0 ? last + random.nextInt(3) : random.nextLong(last + 1);
    TailOptions options = TailOptions.from(cursor);
    options = random.nextBoolean() ? options.withLimit(1 + random.nextInt(40)) : options;
    boolean follow = random.nextInt(4) == 0;
    try (Tail tail = history.tail(log, id, follow ? options : options.withoutFollowing())) {
      if (follow) {
        while (!tail.poll(8, Duration.ZERO).isEmpty()) {
          Thread.onSpinWait();
        }
      } else {
        while (tail.hasNext()) {
          tail.next();
        }
      }
    }
  }

  /** Seals a session, or lets it begin another life. */
  private void end(String id, ProducerNumbers own) {
    switch (random.nextInt(5)) {
      case 0 -> history.seal(log(), id);
      case 1 -> appendEither(id, own, batch(own), AppendOptions.defaults().withSeal());
      default -> {
        SessionLog log = log();
        try {
          history.delete(log, id);
        } finally {
          history.create(random.nextBoolean() ? log : log(), NewSession.ofId(id));
        }
      }
    }
  }

  private void appendEither(
      String id, ProducerNumbers own, List<NewEvent> events, AppendOptions options) {
    if (random.nextInt(3) == 0) {
      send(id, own, events, options);
    } else {
      block(id, own, events, options);
    }
  }

  private void block(String id, ProducerNumbers own, List<NewEvent> events, AppendOptions options) {
    try {
      if (events.size() == 1 && random.nextInt(8) > 0) {
        history.append(log(), id, events.get(0), options);
      } else {
        history.appendAll(log(), id, events, options);
      }
      events.forEach(own::stored);
    } catch (SessionLogException e) {
      events.forEach(each -> own.failed(each, e));
      note(e);
    }
  }

  private CompletableFuture<?> send(
      String id, ProducerNumbers own, List<NewEvent> events, AppendOptions options) {
    if (events.size() == 1 && random.nextInt(8) > 0) {
      var future = history.appendAsync(log(), id, events.get(0), options);
      sent.add(new Sent(own, events, future.thenApply(List::of)));
      return future;
    }
    var future = history.appendAllAsync(log(), id, events, options);
    sent.add(new Sent(own, events, future));
    return future;
  }

  private boolean settle(Sent each) {
    try {
      each.future().join();
      each.events().forEach(each.numbers()::stored);
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof SessionLogException failure)) {
        throw e;
      }
      each.events().forEach(event -> each.numbers().failed(event, failure));
      note(failure);
    }
    return true;
  }

  private static void note(SessionLogException failure) {
    if (UNCALLED_FOR.contains(failure.code())) {
      throw new AssertionError("a call failed that nothing stood in the way of", failure);
    }
  }
}
