package ai.starcite;

import ai.starcite.internal.segment.Content;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a producer: which are stored, which are sent, and which events a retry may be of.
 *
 * <p>In order, there are numbers that are known to be stored, below {@link #next}; those of appends
 * that are on their way, below {@link #following}; and those of unknown outcome, up to {@link
 * #sent}, which nothing but retries may take before they are resolved. Thread-safe.
 */
final class ProducerNumbers {
  private final Unanswered unanswered = new Unanswered();

  /** The contents of the retries that are on their way, and how often each. */
  private final Map<Content, Integer> retrying = new HashMap<>();

  /** The number after the last event that is known to be stored. */
  private long next = 1;

  /** The number after those of the appends on their way. */
  private long following = 1;

  /** The last number whose outcome is unknown. */
  private long sent;

  /**
   * The only attempt on its way, if there is a thread that waits for it. If an error, such as a
   * lack of stack or memory, keeps that thread from noting how it ended, its outcome is unknown.
   */
  private @Nullable Attempt alone;

  /** Whether a retry was refused, so that what it is a retry of is decided. */
  private boolean unresolved;

  /** Gives the number that the next event gets if all goes well. */
  synchronized long following() {
    return following;
  }

  /**
   * Whether an append may be sent while another is on its way. Not before an event is stored: if
   * the first fails, the log would take the second for the producer's first.
   */
  synchronized boolean mayBeSentBehindAnother() {
    return next > 1;
  }

  /**
   * Gives each retry the number of its event, and the others the next numbers. Null if an unknown
   * outcome has to be resolved first. That need not be where all that is sent is the retry of what
   * comes next in any case.
   */
  synchronized @Nullable Attempt assign(List<Content> contents) {
    if (alone != null) {
      unknown(alone);
    }
    if (unresolved) {
      return null;
    }
    long[] numbers = new long[contents.size()];
    boolean[] retries = new boolean[numbers.length];
    long free = following;
    Map<Content, Long> used = unanswered.isEmpty() ? Map.of() : new HashMap<>();
    for (int i = 0; i < numbers.length; i++) {
      Content content = contents.get(i);
      long retried = 0;
      if (!unanswered.isEmpty()) {
        retried = unanswered.number(content, used.getOrDefault(content, 0L) + 1);
      }
      retries[i] = retried != 0;
      numbers[i] = retries[i] ? retried : free;
      if (numbers[i] > free || (!retries[i] && free <= sent)) {
        return null;
      }
      if (numbers[i] == free) {
        free++;
      }
      if (retries[i]) {
        used.put(content, retried);
      }
    }
    return new Attempt(contents, numbers, retries, following, free);
  }

  /** Notes that an attempt is on its way. Its retries are not matched by others meanwhile. */
  synchronized void send(Attempt attempt) {
    following = attempt.after;
    for (int i = 0; i < attempt.numbers.length; i++) {
      if (attempt.retries[i]) {
        unanswered.remove(attempt.numbers[i]);
        retrying.merge(attempt.contents.get(i), 1, Integer::sum);
      }
    }
  }

  /** As {@link #send}, of the only one that is on its way. */
  synchronized void sendAlone(Attempt attempt) {
    alone = attempt;
    send(attempt);
  }

  /** Takes back the last attempt, which was not sent after all. */
  synchronized void takeBack(Attempt attempt) {
    failed(attempt);
    following = attempt.before;
  }

  /** Notes that the retries of an attempt are on their way no more. */
  private void arrived(Attempt attempt) {
    for (int i = 0; i < attempt.numbers.length; i++) {
      if (attempt.retries[i]) {
        retrying.computeIfPresent(attempt.contents.get(i), (c, n) -> n == 1 ? null : n - 1);
      }
    }
    alone = null;
  }

  /** Whether no other attempt was given numbers after this one. */
  synchronized boolean isLast(Attempt attempt) {
    return following == attempt.after;
  }

  /** Whether an attempt was sent behind another one that is not known to be stored. */
  synchronized boolean isBehindUnstored(Attempt attempt) {
    return attempt.before > next;
  }

  /** Notes that none is on its way any more: the numbers of those that failed are free. */
  synchronized void restart() {
    following = next;
  }

  /** Notes that an attempt is stored, and whether its caller learns that. */
  synchronized void stored(Attempt attempt, boolean isTold) {
    for (int i = 0; i < attempt.numbers.length; i++) {
      long number = attempt.numbers[i];
      if (!isTold) {
        unanswered.add(number, attempt.contents.get(i));
      }
      next = Math.max(next, number + 1);
    }
    following = Math.max(following, next);
    sent = Math.max(sent, next - 1);
    arrived(attempt);
  }

  /** Notes that the outcome of an attempt is unknown. */
  synchronized void unknown(Attempt attempt) {
    for (int i = 0; i < attempt.numbers.length; i++) {
      sent = Math.max(sent, attempt.numbers[i]);
      unanswered.add(attempt.numbers[i], attempt.contents.get(i));
    }
    arrived(attempt);
  }

  /** Notes that an attempt wrote nothing. What it is a retry of is as unknown as before. */
  synchronized void failed(Attempt attempt) {
    for (int i = 0; i < attempt.numbers.length; i++) {
      if (attempt.retries[i]) {
        unanswered.add(attempt.numbers[i], attempt.contents.get(i));
      }
    }
    arrived(attempt);
  }

  /** Notes which number is the last one that is stored, 0 for none; none is on its way. */
  synchronized void resolved(long last) {
    unanswered.removeFrom(last + 1);
    next = last + 1;
    following = next;
    sent = last;
    unresolved = false;
  }

  /** Has the next append wait until all is resolved. */
  synchronized void resolveNext() {
    unresolved = true;
  }

  /** Whether the outcome of an earlier attempt of one of the events is unknown. */
  synchronized boolean isUnknown(Attempt attempt) {
    for (long number : attempt.numbers) {
      if (unanswered.has(number)) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of the contents was sent before, and its caller does not know the outcome. */
  synchronized boolean areUnknown(List<Content> contents) {
    return !(unanswered.isEmpty() && retrying.isEmpty())
        && contents.stream().anyMatch(each -> unanswered.has(each) || retrying.containsKey(each));
  }

  /** Events with the numbers that they are sent with. */
  static final class Attempt {
    private final List<Content> contents;
    private final long[] numbers;

    /** Which events are retries. */
    private final boolean[] retries;

    /** The free numbers before and after this attempt. */
    private final long before;

    private final long after;

    private Attempt(
        List<Content> contents, long[] numbers, boolean[] retries, long before, long after) {
      this.contents = contents;
      this.numbers = numbers;
      this.retries = retries;
      this.before = before;
      this.after = after;
    }

    /** Whether one of the events was sent before, and its caller does not know the outcome. */
    boolean isRetry() {
      for (boolean retry : retries) {
        if (retry) {
          return true;
        }
      }
      return false;
    }

    /** The events as a producer of that id sends them. */
    List<NewEvent> events(String producerId) {
      List<NewEvent> events = new ArrayList<>(numbers.length);
      for (int i = 0; i < numbers.length; i++) {
        events.add(contents.get(i).event().withProducer(producerId, numbers[i]));
      }
      return events;
    }
  }
}
