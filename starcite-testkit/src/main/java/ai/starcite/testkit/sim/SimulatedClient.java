package ai.starcite.testkit.sim;

import ai.starcite.AppendOptions;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.testkit.history.History;
import ai.starcite.testkit.history.Marks;
import ai.starcite.testkit.history.ProducerNumbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes random calls in a {@link Simulation}, as users do: appends of all kinds, retries, tails,
 * updates, seals, deletions. Each call is a step, and is drawn when it is made. Its answer is
 * recorded in a {@link History}.
 *
 * <pre>{@code
 * var client = new SimulatedClient(simulation, history, log, sessions, "p1-1", 0, seed);
 * process.run(client.calls(20));
 * }</pre>
 */
public final class SimulatedClient {
  private final Simulation simulation;
  private final History history;
  private final SessionLog log;
  private final List<String> sessions;
  private final String name;
  private final int recreatesOf100;
  private final Random random;
  private final Map<String, ProducerNumbers> numbers = new HashMap<>();
  private final Marks marks;

  /**
   * Makes a client.
   *
   * @param simulation where it notes its answers
   * @param history where its calls are recorded
   * @param log the log of its process
   * @param sessions the ids of the sessions that it uses, which exist
   * @param name what the trace calls it, and the name of its producers
   * @param recreatesOf100 in so many of a hundred calls it deletes a session and creates it again;
   *     if that is cut short, it is unknown which life of a session an answer is about
   * @param seed what its calls are drawn from
   */
  public SimulatedClient(
      Simulation simulation,
      History history,
      SessionLog log,
      List<String> sessions,
      String name,
      int recreatesOf100,
      long seed) {
    this.simulation = simulation;
    this.history = history;
    this.log = log;
    this.sessions = sessions;
    this.name = name;
    this.recreatesOf100 = recreatesOf100;
    this.random = new Random(seed);
    this.marks = new Marks(name, random);
  }

  /**
   * Returns calls to be made one after the other.
   *
   * @param count how many
   * @return so many calls, for {@link SimulatedProcess#run}
   */
  public Runnable[] calls(int count) {
    Runnable[] calls = new Runnable[count];
    Arrays.fill(calls, (Runnable) this::call);
    return calls;
  }

  private void call() {
    String id = sessions.get(random.nextInt(sessions.size()));
    ProducerNumbers own = numbers.computeIfAbsent(id, any -> new ProducerNumbers(name, random));
    try {
      simulation.note(name + " on " + id + ": " + call(id, own));
    } catch (SessionLogException e) {
      simulation.note(name + " on " + id + ": " + e.code());
    }
  }

  private String call(String id, ProducerNumbers own) {
    if (random.nextInt(100) < recreatesOf100) {
      history.delete(log, id);
      history.create(log, NewSession.ofId(id));
      return "recreated";
    }
    AppendOptions none = AppendOptions.defaults();
    int dice = random.nextInt(100);
    if (dice < 25) {
      return append(id, own, own.take(1), none);
    } else if (dice < 38) {
      return send(id, own, own.take(1 + random.nextInt(3)));
    } else if (dice < 46) {
      return append(id, own, own.take(2 + random.nextInt(3)), none);
    } else if (dice < 54) {
      long last = history.get(log, id).lastSeq();
      return append(id, own, own.take(1), none.withExpectedSeq(last));
    } else if (dice < 63) {
      return append(id, own, own.repeated(1 + random.nextInt(2)), none);
    } else if (dice < 66) {
      return append(id, own, List.of(own.forged()), none);
    } else if (dice < 69) {
      return append(id, own, own.take(1), none.withTimeout(Duration.ofMillis(3)));
    } else if (dice < 80) {
      return tail(id);
    } else if (dice < 84) {
      return append(id, own, List.of(own.anonymous()), none);
    } else if (dice < 98) {
      var update = marks.next(() -> history.get(log, id).version());
      return "version " + history.update(log, id, update).version();
    }
    history.seal(log, id);
    return "sealed";
  }

  private String append(
      String id, ProducerNumbers own, List<NewEvent> events, AppendOptions options) {
    try {
      var results = history.appendAll(log, id, events, options);
      events.forEach(own::stored);
      return results.toString();
    } catch (SessionLogException e) {
      events.forEach(each -> own.failed(each, e));
      throw e;
    }
  }

  private String send(String id, ProducerNumbers own, List<NewEvent> events) {
    for (NewEvent event : events) {
      history
          .appendAsync(log, id, event, AppendOptions.defaults())
          .whenComplete(
              (result, failure) -> {
                if (result != null) {
                  own.stored(event);
                } else if (failure instanceof SessionLogException e) {
                  own.failed(event, e);
                }
                simulation.note(
                    name + " hears of " + id + ": " + (result != null ? result : failure));
              });
    }
    return "sent " + events.size();
  }

  private String tail(String id) {
    long last = history.get(log, id).lastSeq();
    TailOptions from = TailOptions.from(last == 0 ? 0 : random.nextLong(last + 1));
    boolean follow = random.nextBoolean();
    List<Long> seen = new ArrayList<>();
    try (Tail tail = history.tail(log, id, follow ? from : from.withoutFollowing())) {
      if (follow) {
        for (int i = random.nextInt(6); i >= 0; i--) {
          tail.poll(Duration.ofMillis(40)).ifPresent(event -> seen.add(event.seq()));
        }
      } else {
        tail.forEachRemaining(event -> seen.add(event.seq()));
      }
    }
    return "saw " + seen;
  }
}
