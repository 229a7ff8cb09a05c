package ai.starcite;

import ai.starcite.ProducerNumbers.Attempt;
import ai.starcite.internal.Limits;
import ai.starcite.internal.ProducerLog;
import ai.starcite.internal.segment.Content;
import ai.starcite.internal.threads.StackRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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
 * <p><b>Without blocking.</b> {@link #appendAsync(NewEvent)} is for streams of many small events:
 * events are sent in the order of the calls, one after the other, without waiting for an answer. If
 * one fails, asynchronous ones that were called after it, and before its failure is known, are not
 * stored before its retry: they fail too, or those that were sent behind one of unknown outcome are
 * stored if it is. An append that must wait, for an unknown outcome to be resolved or a blocking
 * append to end, waits without a thread.
 *
 * <p>An append that fails definitely wrote nothing. The retry of an event whose outcome is unknown
 * fails with {@code OUTCOME_UNKNOWN} until that is resolved, whatever the retry itself failed with;
 * the cause says.
 *
 * <p>A producer belongs to the incarnation of the session that it was made in (clause SES-7): once
 * the session is deleted, it fails with {@code SESSION_NOT_FOUND}, even if the id is created again.
 *
 * <p>A producer id is meant to stay the same across restarts. A program that was killed between
 * sending an event and learning its outcome finds the last stored one by {@link
 * SessionLog#producerPosition} and compares it with its work before it goes on.
 *
 * <p>Thread-safe. Numbers follow the order of the calls, blocking or not; a blocking append waits
 * until those before it are answered. Use one object for a producer id at a time: of two, each
 * would take the other's events for conflicts.
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
  private final ProducerLog own;
  private final String sessionId;
  private final String id;
  private final Duration timeout;
  private final String incarnation;
  private final ProducerNumbers numbers = new ProducerNumbers();
  private final ProducerLane lane;

  /** A producer whose appends try for so long, unless they say otherwise. */
  Producer(SessionLog log, ProducerLog own, String sessionId, String id, Duration timeout) {
    this.log = log;
    this.own = own;
    this.sessionId = sessionId;
    this.id = Objects.requireNonNull(id, "producerId");
    Limits.requireString("producerId", id);
    this.timeout = timeout;
    this.incarnation = log.get(sessionId).incarnation();
    this.lane = new ProducerLane(own, numbers, id);
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
   * Returns the number that the next event gets if all appends under way are stored; while an
   * outcome is unknown, the lowest that it can get.
   *
   * @return at least 1
   */
  public long nextProducerSeq() {
    return numbers.following();
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
   *
   * @param events events without a producer
   * @return a result for each event, in order
   * @throws SessionLogException as {@link #appendAll(List, AppendOptions)}
   */
  public List<AppendResult> appendAll(List<NewEvent> events) {
    return appendAll(events, AppendOptions.defaults());
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
    AppendOptions bound = bound(options);
    long deadline = deadline(options);
    boolean sending = false;
    try {
      lane.occupy(deadline);
      try {
        Attempt attempt = numbers.assign(contents);
        while (attempt == null) {
          resolve(left(deadline));
          attempt = numbers.assign(contents);
        }
        AppendOptions inTime = bound.withTimeout(left(deadline));
        sending = true;
        return send(attempt, inTime);
      } finally {
        lane.release();
      }
    } catch (SessionLogException e) {
      throw sending ? e : lane.told(contents, e);
    }
  }

  /**
   * Appends an event with the next number, without waiting.
   *
   * @param event an event without a producer
   * @return completes with its seq when it is durable; see {@link #appendAllAsync}
   * @throws SessionLogException {@code INVALID} if the event has a producer
   */
  public CompletableFuture<AppendResult> appendAsync(NewEvent event) {
    return appendAsync(event, AppendOptions.defaults());
  }

  /**
   * Appends an event with the next number, without waiting.
   *
   * @param event an event without a producer
   * @param options what else is demanded
   * @return completes with its seq when it is durable; see {@link #appendAllAsync}
   * @throws SessionLogException {@code INVALID} if the event has a producer, or the options another
   *     incarnation than this producer
   */
  public CompletableFuture<AppendResult> appendAsync(NewEvent event, AppendOptions options) {
    List<NewEvent> one = List.of(Objects.requireNonNull(event, "event"));
    return submit(one, options, results -> results.get(0));
  }

  /**
   * Appends several events atomically, with the next numbers, without waiting. The future fails
   * with the exception that {@link #appendAll(List, AppendOptions)} throws, and with {@code
   * BACKPRESSURE} if too many bytes wait to be stored. Cancelling it does what it does for {@link
   * SessionLog#appendAsync(String, NewEvent, AppendOptions)}.
   *
   * @param events events without a producer
   * @param options what else is demanded of the batch
   * @return completes with a result for each event when they are durable
   * @throws SessionLogException {@code INVALID} if an event has a producer, or the options another
   *     incarnation than this producer
   */
  public CompletableFuture<List<AppendResult>> appendAllAsync(
      List<NewEvent> events, AppendOptions options) {
    return submit(events, options, results -> results);
  }

  private <T> CompletableFuture<T> submit(
      List<NewEvent> events, AppendOptions options, Function<List<AppendResult>, T> result) {
    StackRoom.require();
    List<Content> contents = contents(events, options.seal());
    ProducerLog.Pending<T> pending = own.pending(result);
    lane.submit(new ProducerAppend(contents, bound(options), deadline(options), pending));
    return pending.future();
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

  private AppendOptions bound(AppendOptions options) {
    String life = options.incarnation().orElse(incarnation);
    if (!life.equals(incarnation)) {
      throw Limits.invalid(
          "the producer belongs to incarnation %s of session %s, and the append asks for %s"
              .formatted(incarnation, sessionId, life));
    }
    return options.withIncarnation(incarnation);
  }

  private long deadline(AppendOptions options) {
    return own.nanoTime() + Limits.nanos(options.timeout().orElse(timeout));
  }

  private Duration left(long deadline) {
    long left = deadline - own.nanoTime();
    if (left <= 0) {
      throw ProducerFailures.withdrawn("timed out");
    }
    return Duration.ofNanos(left);
  }

  // ---- What the thread does that has the lane for itself.

  /** Appends numbered events, and notes what became of them. */
  private List<AppendResult> send(Attempt attempt, AppendOptions options) {
    List<NewEvent> events = attempt.events(id);
    numbers.sendAlone(attempt);
    try {
      List<AppendResult> results = log.appendAll(sessionId, events, options);
      numbers.stored(attempt, true);
      return results;
    } catch (SessionLogException e) {
      if (!e.isDefinite()) {
        numbers.unknown(attempt);
        throw e;
      }
      numbers.failed(attempt);
      if (ProducerFailures.wasDecided(e) && attempt.isRetry()) {
        // What was sent before was resolved when this was decided: find out how.
        resolveIfPossible(options.timeout().orElse(timeout));
      }
      throw numbers.isUnknown(attempt) ? ProducerFailures.ofRetry(e) : e;
    }
  }

  /** Waits until it is known which of the numbers that were sent are stored. */
  private void resolve(Duration atMost) {
    AppendOptions options =
        AppendOptions.defaults().withTimeout(atMost).withIncarnation(incarnation);
    numbers.resolved(
        log.producerPosition(sessionId, id, options)
            .map(Producer.Position::producerSeq)
            .orElse(0L));
  }

  private void resolveIfPossible(Duration atMost) {
    try {
      resolve(atMost);
    } catch (SessionLogException e) {
      // Then it is resolved before the next event takes a number.
      LOG.debug("the outcome of an append is still unknown", e);
    }
  }
}
