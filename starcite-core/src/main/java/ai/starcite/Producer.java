package ai.starcite;

import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.Limits;
import ai.starcite.internal.segment.Content;
import ai.starcite.internal.threads.StackRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers the events of one producer, so that retries are deduplicated without the program keeping
 * count (clause APP-10).
 *
 * <p>After a failure, append the event again: it is stored once, even if the first attempt was
 * stored after all. Other events may be appended in between, by this thread or others, and the
 * retry may come alone or in a batch with other events.
 *
 * <p><b>What counts as a retry.</b> An event is the retry of an earlier one if the outcome of that
 * one is unknown to its caller ({@code OUTCOME_UNKNOWN}) and both have the same content (clause
 * APP-4): equal type, actor, source, idempotency key, metadata, refs and payload, and the seal.
 * Each unknown outcome is matched by one retry. Once an event was answered, an equal event is a new
 * one. So of two equal events that are appended once each, both are stored; but where the outcome
 * of the first is unknown, the second one finds out about it: append it twice to have both. Events
 * that occur again in equal form and must be told apart, such as two ticks, carry something that
 * differs, for instance a count.
 *
 * <p>While an outcome is unknown, no other event takes a number: the next append first waits until
 * it is resolved. What is remembered for retries is bounded to the last 20,000 events or 16 MiB of
 * unknown outcome.
 *
 * <p>An append that fails definitely wrote nothing. The retry of an event whose outcome is unknown
 * says {@code OUTCOME_UNKNOWN} as long as that is so, whatever the retry itself failed with; the
 * cause tells.
 *
 * <p>A producer belongs to the life of the session that it was made in (clause SES-7): after the
 * session was deleted, it fails with {@code SESSION_NOT_FOUND}, also if the id was created again.
 *
 * <p>A producer id is meant to stay the same across restarts. A program that was killed between
 * sending an event and learning its outcome finds the last stored one by {@link
 * SessionLog#producerPosition} and compares it with its work before it goes on.
 *
 * <p>Thread-safe; appends run one after the other. Use one object for a producer id at a time: of
 * two, each would take the other's events for conflicts.
 */
public final class Producer {
  /**
   * How far a producer has come in a session (clause APP-10).
   *
   * @param producerSeq the number of its last event
   * @param seq the place of that event in the session
   */
  public record Position(long producerSeq, long seq) {}

  private static final Logger LOG = LoggerFactory.getLogger(Producer.class);

  private final SessionLog log;
  private final String sessionId;
  private final String id;
  private final Duration timeout;
  private final String incarnation;

  /** Held by the append whose turn it is, while it calls the log. */
  private final ReentrantLock turn = new ReentrantLock();

  /** Guarded by itself, so that an append that does not get its turn can look too. */
  private final Unanswered unanswered = new Unanswered();

  /** The number after the last event that is known to be stored. */
  private long next;

  /** The last number that was sent; from {@code next} on, whether they are stored is unknown. */
  private long sent;

  /**
   * What was sent and is not noted as answered or unanswered yet. Still there when the next append
   * has its turn if an error, such as a lack of stack or memory, cut that short: then the outcome
   * is unknown.
   */
  private @Nullable UnderWay underWay;

  private record UnderWay(List<Content> contents, long[] numbers) {}

  /** A producer whose appends try for so long, unless they say otherwise. */
  Producer(SessionLog log, String sessionId, String id, Duration timeout) {
    this.log = log;
    this.sessionId = sessionId;
    this.id = Objects.requireNonNull(id, "producerId");
    Limits.requireString("producerId", id);
    this.timeout = timeout;
    this.incarnation = log.get(sessionId).incarnation();
    resolve(timeout);
  }

  /**
   * Returns the id that its events carry.
   *
   * @return the producer id
   */
  public String id() {
    return id;
  }

  /**
   * Returns the number that the next event gets; while an outcome is unknown, the lowest that it
   * can get. Waits for an append under way.
   *
   * @return at least 1
   */
  public long nextProducerSeq() {
    turn.lock();
    try {
      return next;
    } finally {
      turn.unlock();
    }
  }

  /**
   * Appends an event with the next number and returns when it is durable.
   *
   * @param event an event without a producer
   * @return its seq
   * @throws SessionLogException as {@link SessionLog#append(String, NewEvent)}
   */
  public AppendResult append(NewEvent event) {
    return append(event, AppendOptions.defaults());
  }

  /**
   * Appends an event with the next number and returns when it is durable.
   *
   * @param event an event without a producer
   * @param options what else is demanded
   * @return its seq
   * @throws SessionLogException as {@link SessionLog#append(String, NewEvent, AppendOptions)}
   */
  public AppendResult append(NewEvent event, AppendOptions options) {
    return appendAll(List.of(Objects.requireNonNull(event, "event")), options).get(0);
  }

  /**
   * Appends several events atomically, with the next numbers, and returns when they are durable.
   * Those that are retries of stored events return their first seq; the others are appended. The
   * time-out covers all waiting: for an append under way, and for an unknown outcome to be
   * resolved.
   *
   * @param events events without a producer
   * @param options what else is demanded of the batch
   * @return a result for each event, in order
   * @throws SessionLogException as {@link SessionLog#appendAll(String, List, AppendOptions)};
   *     {@code OUTCOME_UNKNOWN} also if this attempt wrote nothing, but an earlier one of these
   *     events may have
   */
  public List<AppendResult> appendAll(List<NewEvent> events, AppendOptions options) {
    StackRoom.require();
    List<Content> contents = contents(events, options.seal());
    String life = options.incarnation().orElse(incarnation);
    if (!life.equals(incarnation)) {
      throw Limits.invalid(
          "the producer belongs to incarnation %s of session %s, and the append asks for %s"
              .formatted(incarnation, sessionId, life));
    }
    AppendOptions bound = options.withIncarnation(incarnation);
    long deadline = System.nanoTime() + Limits.nanos(options.timeout().orElse(timeout));
    boolean sending = false;
    try {
      takeTurn(deadline);
      try {
        noteUnderWay();
        long[] numbers = number(contents);
        if (numbers == null) {
          resolve(left(deadline));
          // Nothing is unknown any more.
          numbers = Objects.requireNonNull(number(contents));
        }
        AppendOptions inTime = bound.withTimeout(left(deadline));
        sending = true;
        return send(contents, numbers, inTime);
      } finally {
        turn.unlock();
      }
    } catch (SessionLogException e) {
      throw sending ? e : asTold(e, contents);
    }
  }

  private List<Content> contents(List<NewEvent> events, boolean seal) {
    List<NewEvent> copy = new ArrayList<>(Objects.requireNonNull(events, "events"));
    List<Content> contents = new ArrayList<>(copy.size());
    for (NewEvent event : copy) {
      Objects.requireNonNull(event, "event");
      if (event.producerId().isPresent()) {
        throw Limits.invalid(
            "the event has producer "
                + event.producerId().get()
                + " already; leave it to this one");
      }
      contents.add(new Content(event, seal && contents.size() == copy.size() - 1));
    }
    return contents;
  }

  /**
   * Gives each retry the number of its event, and the others the next numbers; null if an unknown
   * outcome has to be resolved first. That need not be where all that is sent is the retry of what
   * comes next in any case.
   */
  private long @Nullable [] number(List<Content> contents) {
    long[] numbers = new long[contents.size()];
    long following = next;
    synchronized (unanswered) {
      Map<Content, Long> used = unanswered.isEmpty() ? Map.of() : new HashMap<>();
      for (int i = 0; i < numbers.length; i++) {
        long number = 0;
        if (!unanswered.isEmpty()) {
          number = unanswered.number(contents.get(i), used.getOrDefault(contents.get(i), 0L) + 1);
        }
        if (number == 0 && following <= sent) {
          return null;
        }
        numbers[i] = number == 0 ? following : number;
        if (numbers[i] > following) {
          return null;
        }
        if (numbers[i] == following) {
          following++;
        }
        if (number != 0) {
          used.put(contents.get(i), number);
        }
      }
    }
    return numbers;
  }

  /** Appends numbered events, and notes what became of them. */
  private List<AppendResult> send(List<Content> contents, long[] numbers, AppendOptions options) {
    List<NewEvent> numbered = new ArrayList<>(numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      numbered.add(contents.get(i).event().withProducer(id, numbers[i]));
    }
    underWay = new UnderWay(contents, numbers);
    try {
      List<AppendResult> results = log.appendAll(sessionId, numbered, options);
      answered(numbers);
      underWay = null;
      return results;
    } catch (SessionLogException e) {
      if (!e.isDefinite()) {
        noteUnderWay();
        throw e;
      }
      underWay = null;
      if (wasDecided(e) && isRetry(numbers)) {
        // What was sent before was resolved when this was decided: find out how.
        resolveIfPossible(options.timeout().orElse(timeout));
      }
      throw !isRetry(numbers) || saysAll(e) ? e : stillUnknown(e);
    }
  }

  private void answered(long[] numbers) {
    synchronized (unanswered) {
      for (long number : numbers) {
        unanswered.remove(number);
        next = Math.max(next, number + 1);
      }
    }
    sent = Math.max(sent, next - 1);
  }

  /** Remembers what was sent and not answered. */
  private void noteUnderWay() {
    UnderWay attempt = underWay;
    if (attempt == null) {
      return;
    }
    synchronized (unanswered) {
      for (int i = 0; i < attempt.numbers.length; i++) {
        sent = Math.max(sent, attempt.numbers[i]);
        unanswered.add(attempt.numbers[i], attempt.contents.get(i));
      }
    }
    underWay = null;
  }

  /** Whether one of the events was sent before, and its caller does not know the outcome. */
  private boolean isRetry(long[] numbers) {
    synchronized (unanswered) {
      return Arrays.stream(numbers).anyMatch(unanswered::has);
    }
  }

  /** Whether the log refused an append after it had looked for its events among the stored ones. */
  private static boolean wasDecided(SessionLogException e) {
    return switch (e.code()) {
      case SESSION_SEALED, EXPECTED_SEQ_CONFLICT, TOO_MANY_PRODUCERS, PRODUCER_SEQ_CONFLICT -> true;
      default -> false;
    };
  }

  /** Whether a failure is the whole truth about an event, whatever its earlier attempts did. */
  private static boolean saysAll(SessionLogException e) {
    return switch (e.code()) {
      case INVALID, SESSION_NOT_FOUND, PRODUCER_REPLAY_CONFLICT -> true;
      default -> false;
    };
  }

  /** Waits until it is known which of the numbers that were sent are stored. */
  private void resolve(Duration atMost) {
    AppendOptions options =
        AppendOptions.defaults().withTimeout(atMost).withIncarnation(incarnation);
    long last =
        log.producerPosition(sessionId, id, options).map(Producer.Position::producerSeq).orElse(0L);
    synchronized (unanswered) {
      unanswered.removeFrom(last + 1);
    }
    next = last + 1;
    sent = last;
  }

  private void resolveIfPossible(Duration atMost) {
    try {
      resolve(atMost);
    } catch (SessionLogException e) {
      // Then it is resolved before the next event takes a number.
      LOG.debug("the outcome of an append is still unknown", e);
    }
  }

  /** What a caller is told of an attempt that failed before it was sent. */
  private SessionLogException asTold(SessionLogException e, List<Content> contents) {
    synchronized (unanswered) {
      return saysAll(e) || unanswered.isEmpty() || contents.stream().noneMatch(unanswered::has)
          ? e
          : stillUnknown(e);
    }
  }

  private static SessionLogException stillUnknown(SessionLogException e) {
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN,
        "an earlier attempt to append may have been stored, and this one failed; append the same"
            + " again to find out: "
            + e.getMessage(),
        e);
  }

  /** Waits for an append under way, as long as this one may take (clause APP-9). */
  private void takeTurn(long deadline) {
    try {
      if (turn.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled("was interrupted");
    }
    throw cancelled("timed out");
  }

  private static Duration left(long deadline) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw cancelled("timed out");
    }
    return Duration.ofNanos(left);
  }

  private static SessionLogException cancelled(String why) {
    return new SessionLogException(
        Code.CANCELLED,
        "the append " + why + " before its turn among those of its producer; nothing was written");
  }
}
