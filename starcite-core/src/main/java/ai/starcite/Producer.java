package ai.starcite;

import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Numbers the events of one producer, so that retries are deduplicated without the program keeping
 * count (clause APP-10).
 *
 * <p>After a failure, append the event again: it keeps its number, so that it is stored once even
 * if the first attempt was stored after all. Appending another event instead is allowed too; should
 * the one whose outcome was unknown turn out to be stored, the new one takes the next number. An
 * equal event counts as the retry.
 *
 * <p>A producer id is meant to stay the same across restarts. A program that was killed between
 * sending an event and learning its outcome finds the last stored one by {@link
 * SessionLog#producerPosition} and compares it with its work before it goes on.
 *
 * <p>Thread-safe; appends run one after the other. Use one object for a producer id at a time: of
 * two, each would take the other's events for conflicts.
 */
public final class Producer {
  private final SessionLog log;
  private final String sessionId;
  private final String id;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private long next;

  /** The highest number of events that may have been stored though their outcome was unknown. */
  private long unsettled;

  /** A producer whose appends try for so long, unless they say otherwise. */
  Producer(SessionLog log, String sessionId, String id, Duration timeout) {
    this.log = log;
    this.sessionId = sessionId;
    this.id = Objects.requireNonNull(id, "producerId");
    this.timeout = timeout;
    this.next = position() + 1;
  }

  /**
   * The id that its events carry.
   *
   * @return the producer id
   */
  public String id() {
    return id;
  }

  /**
   * The number that the next event gets. It waits for an append under way.
   *
   * @return at least 1
   */
  public long nextProducerSeq() {
    lock.lock();
    try {
      return next;
    } finally {
      lock.unlock();
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
    return append(event, AppendOptions.none());
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
   * The time that it waits for an append under way counts for the time-out.
   *
   * @param events events without a producer
   * @param options what else is demanded of the batch
   * @return a result for each event, in order
   * @throws SessionLogException as {@link SessionLog#appendAll(String, List, AppendOptions)}
   */
  public List<AppendResult> appendAll(List<NewEvent> events, AppendOptions options) {
    Objects.requireNonNull(events, "events");
    Objects.requireNonNull(options, "options");
    long deadline = System.nanoTime() + Limits.nanos(options.timeout().orElse(timeout));
    lock(deadline);
    try {
      while (true) {
        try {
          List<AppendResult> results =
              log.appendAll(sessionId, numbered(events), options.withTimeout(left(deadline)));
          next += events.size();
          return results;
        } catch (SessionLogException e) {
          if (e.code() == Code.OUTCOME_UNKNOWN) {
            unsettled = Math.max(unsettled, next + events.size() - 1);
          }
          if (e.code() != Code.PRODUCER_REPLAY_CONFLICT || next > unsettled) {
            throw e;
          }
          // Events whose outcome was unknown are stored, and these are others.
          next = position() + 1;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an append under way, as long as this one may take (clause APP-9). */
  private void lock(long deadline) {
    try {
      if (lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
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

  private List<NewEvent> numbered(List<NewEvent> events) {
    List<NewEvent> numbered = new ArrayList<>(events.size());
    for (NewEvent event : events) {
      Objects.requireNonNull(event, "event");
      if (event.producerId().isPresent()) {
        throw Limits.invalid(
            "the event has producer "
                + event.producerId().get()
                + " already; leave it to this one");
      }
      numbered.add(event.withProducer(id, next + numbered.size()));
    }
    return numbered;
  }

  private long position() {
    return log.producerPosition(sessionId, id).map(ProducerPosition::producerSeq).orElse(0L);
  }
}
