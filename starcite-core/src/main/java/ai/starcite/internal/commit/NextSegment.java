package ai.starcite.internal.commit;

import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.commit.PendingEvents.Pending;
import ai.starcite.internal.commit.PendingEvents.Run;
import ai.starcite.internal.segment.SegmentWriter;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.ProducerState;
import ai.starcite.internal.session.SessionState;
import ai.starcite.spi.Segment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The next segment of a session as it forms. Each call is decided in order, against the durable
 * state and all that is pending before it, and what is new is encoded. The order of checks is that
 * of clause APP-6. Guarded by the lock of the session.
 */
final class NextSegment {
  /** A segment grows no further than this, unless a single batch is larger. */
  private static final int SEGMENT_BYTES = 2 << 20;

  private static final int SEGMENT_EVENTS = 10_000;

  /** How a decision went. */
  enum Decision {
    /** The call is in the batch. */
    DECIDED,
    /** The call repeats durable events: it rests on nothing that is pending. */
    REPEATS_DURABLE,
    /** The call belongs into the next segment. */
    FULL,
    /** The call needs {@link #wanted} first. */
    NEEDS_PAGE
  }

  private final String sessionId;
  private final String incarnation;
  private final SessionState state;
  private final CommitContext context;
  private final BooleanSupplier needsRefresh;
  private final SegmentWriter writer;
  private final PendingEvents pending = new PendingEvents();
  private final ProducerCheck producerCheck;

  /** Failures that have been decided and not answered yet, by producer. */
  private final Map<String, Refused> refused = new HashMap<>();

  private final TurnedAway turnedAway;

  private Batch batch = new Batch();
  private long nextSeq;
  private long lastTime;
  private boolean sealed;

  private record Refused(QueuedAppend call, Failed failed) {}

  /**
   * The next segment of a session that was opened.
   *
   * @param needsRefresh whether what this process knows may be out of date
   */
  NextSegment(
      Head head,
      SessionState state,
      CommitContext context,
      TurnedAway turnedAway,
      BooleanSupplier needsRefresh) {
    this.needsRefresh = needsRefresh;
    this.sessionId = head.key().id();
    this.incarnation = head.key().incarnation();
    this.state = state;
    this.context = context;
    this.turnedAway = turnedAway;
    this.writer = new SegmentWriter(head.key());
    this.producerCheck = new ProducerCheck(head.pages(), state.producers(), pending);
    rest();
  }

  /** Goes back to the durable state; what was in the forming batch is to be decided again. */
  List<QueuedAppend> reset() {
    List<QueuedAppend> calls = batch.calls;
    writer.clear();
    pending.clear();
    refused.clear();
    rest();
    return calls;
  }

  private void rest() {
    batch = new Batch();
    nextSeq = state.nextSeq();
    lastTime = state.lastTime();
    sealed = state.sealed();
  }

  /** The seq that a call which {@link Decision#NEEDS_PAGE} wants to see. */
  long wanted() {
    return producerCheck.wanted();
  }

  /** Whether a call only repeats stored events. */
  boolean repeatsOnly(QueuedAppend queued) {
    return producerCheck.areStored(queued);
  }

  /** Whether the forming batch has something to write. */
  boolean hasSegment() {
    return !writer.isEmpty();
  }

  /** Takes those calls of the forming batch, which has no segment, that came before a refresh. */
  List<QueuedAppend> takeProven(long refresh) {
    int count = 0;
    while (count < batch.calls.size() && batch.calls.get(count).arrival < refresh) {
      count++;
    }
    List<QueuedAppend> first = batch.calls.subList(0, count);
    List<QueuedAppend> proven = List.copyOf(first);
    first.clear();
    return proven;
  }

  /** Whether the forming batch has a call that is meant for another incarnation of the session. */
  boolean doubtsItsIncarnation() {
    return batch.calls.stream().anyMatch(queued -> queued.meantForAnother);
  }

  /** The calls of the forming batch. */
  List<QueuedAppend> calls() {
    return batch.calls;
  }

  /** Takes the forming batch, which has nothing to write. */
  List<QueuedAppend> takeDecided() {
    List<QueuedAppend> decided = batch.calls;
    batch = new Batch();
    return decided;
  }

  /** Finishes the segment, and starts the next one behind it. */
  InFlight finish(long now) {
    UUID token = context.randomToken();
    Segment segment = writer.finish(nextSeq - writer.count(), token, state.lastToken());
    InFlight finished = new InFlight(batch, segment, lastTime, now);
    batch = new Batch();
    return finished;
  }

  /** Makes the events of a segment part of the durable state. */
  void commit(InFlight committed) {
    for (Pending each : committed.pending()) {
      state
          .producers()
          .add(each.producerId(), each.number(), each.seq(), each.call().call().hash(each.index()));
      pending.removeFirst(each.producerId());
    }
    Segment segment = committed.segment();
    state.advance(segment.nextSeq(), committed.time, segment.token(), segment.seals());
  }

  /** Forgets that a call was refused, now that this is answered. */
  void answered(QueuedAppend queued) {
    for (int i = 0; i < queued.known.length; i++) {
      String producerId = queued.call().producer(i);
      Refused entry = producerId == null ? null : refused.get(producerId);
      if (entry != null && entry.call() == queued) {
        refused.remove(producerId);
      }
    }
  }

  /** Decides a call. */
  Decision decide(QueuedAppend queued) {
    queued.refusal = null;
    queued.encoded = false;
    queued.repeatsPending = false;
    queued.meantForAnother =
        queued.call().incarnation() != null && !queued.call().incarnation().equals(incarnation);
    if (queued.meantForAnother) {
      // Its producers are those of another incarnation: nothing of this one fails with it.
      queued.refusal = anotherIncarnation();
      batch.calls.add(queued);
      return Decision.DECIDED;
    }
    Map<String, Long> earlier = queued.call().events().size() > 1 ? new HashMap<>() : Map.of();
    int firsts = 0;
    for (int i = 0; i < queued.call().events().size(); i++) {
      String producerId = queued.call().producer(i);
      queued.known[i] = false;
      if (producerId == null) {
        continue;
      }
      try {
        switch (producerCheck.check(queued, i, earlier.getOrDefault(producerId, 0L))) {
          case NEEDS_PAGE -> {
            return Decision.NEEDS_PAGE;
          }
          case FIRST -> firsts++;
          default -> {}
        }
      } catch (SessionLogException refusal) {
        // What is missing may be missing because it failed, which is the better answer.
        SessionLogException failure =
            refusal.code() == Code.PRODUCER_SEQ_CONFLICT ? failedBefore(queued, i, true) : null;
        return refuse(queued, failure == null ? refusal : failure);
      }
      if (!queued.known[i]) {
        SessionLogException failure = failedBefore(queued, i, false);
        if (failure != null) {
          return refuse(queued, failure);
        }
        if (queued.call().events().size() > 1) {
          earlier.put(producerId, queued.call().number(i));
        }
      }
    }
    return check(queued, firsts);
  }

  private SessionLogException anotherIncarnation() {
    return new SessionLogException(
        Code.SESSION_NOT_FOUND,
        ("session %s has another incarnation, %s: it was deleted and created again; what was meant"
                + " for its earlier life is not appended")
            .formatted(sessionId, incarnation));
  }

  private Decision check(QueuedAppend queued, int newProducers) {
    if (!queued.hasNew()
        && (!queued.call().seals() || !queued.call().events().isEmpty() || sealed)) {
      if (!queued.call().isWithoutEvents()
          && !queued.repeatsPending
          && !needsRefresh.getAsBoolean()) {
        return Decision.REPEATS_DURABLE;
      }
      batch.calls.add(queued);
      return Decision.DECIDED;
    }
    if (newProducers > 0
        && state.producers().size() + pending.newProducers() + newProducers
            > context.maxProducers()) {
      return refuse(
          queued,
          new SessionLogException(
              Code.TOO_MANY_PRODUCERS,
              "the session has "
                  + context.maxProducers()
                  + " producers; reuse their ids, or raise maxProducers"));
    }
    if (sealed) {
      return refuse(
          queued,
          new SessionLogException(
              Code.SESSION_SEALED,
              "session %s is sealed and takes no more events; append to another one"
                  .formatted(sessionId)));
    }
    if (queued.call().expectedSeq() >= 0 && queued.call().expectedSeq() != nextSeq - 1) {
      return refuse(
          queued,
          new SessionLogException(
                  Code.EXPECTED_SEQ_CONFLICT,
                  "expected last seq %d, but it is %d; read on from there and decide again"
                      .formatted(queued.call().expectedSeq(), nextSeq - 1))
              .withCurrentSeq(nextSeq - 1));
    }
    long length =
        queued.call().bytes()
            + (long) queued.call().events().size() * SegmentWriter.RECORD_OVERHEAD;
    if (!writer.isEmpty()
        && (writer.length() + length > SEGMENT_BYTES
            || writer.count() + queued.call().events().size() > SEGMENT_EVENTS)) {
      return Decision.FULL;
    }
    encode(queued);
    queued.encoded = true;
    batch.calls.add(queued);
    return Decision.DECIDED;
  }

  private void encode(QueuedAppend queued) {
    lastTime = Math.max(lastTime, context.nowMicros());
    for (int i = 0; i < queued.call().events().size(); i++) {
      if (queued.known[i]) {
        continue;
      }
      NewEvent event = queued.call().events().get(i);
      writer.add(event, lastTime, queued.call().sealsWith(i));
      queued.seqs[i] = nextSeq++;
      if (queued.call().producer(i) != null) {
        long number = queued.call().number(i);
        Pending each = new Pending(queued.call().producer(i), number, queued.seqs[i], queued, i);
        pending.add(each, state.producers().get(queued.call().producer(i)) == null);
        batch.pending.add(each);
        turnedAway.forget(queued.call().producer(i));
      }
    }
    if (queued.call().events().isEmpty()) {
      writer.seal(lastTime);
    }
    sealed |= queued.call().seals();
  }

  private Decision refuse(QueuedAppend queued, SessionLogException refusal) {
    queued.refusal = refusal;
    Map<String, Failed> failures = new HashMap<>();
    Failed.note(queued, refusal, failures);
    // The latest call, so that the failure is shared until that one is answered too.
    failures.forEach((producerId, failed) -> refused.put(producerId, new Refused(queued, failed)));
    batch.calls.add(queued);
    return Decision.DECIDED;
  }

  /**
   * The failure that a new event shares with one of its producer's that failed before it: neither
   * may it slip past that one, nor become the producer's first (clause APP-4).
   *
   * @param gap whether the event is refused anyway, for a gap that the failure may explain
   */
  private @Nullable SessionLogException failedBefore(QueuedAppend queued, int i, boolean gap) {
    String producerId = queued.call().producer(i);
    long number = queued.call().number(i);
    Failed shared = queued.sharedFailure(producerId);
    if (shared != null && (!gap || shared.explainsGapBefore(number))) {
      return shared.behind(producerId);
    }
    Refused before = refused.get(producerId);
    if (before != null && (!gap || before.failed().explainsGapBefore(number))) {
      return before.failed().behind(producerId);
    }
    Long missing = turnedAway.missing(producerId);
    if (missing != null && missing <= lastOf(producerId)) {
      // It was a retry of one that is stored, or will be.
      turnedAway.forget(producerId);
      missing = null;
    }
    return missing == null || number <= missing
        ? null
        : new SessionLogException(
            Code.BACKPRESSURE,
            "number %d of producer %s was turned away; send that first, and this one again"
                .formatted(missing, producerId));
  }

  private long lastOf(String producerId) {
    ProducerState known = state.producers().get(producerId);
    Run run = pending.run(producerId);
    return Math.max(known == null ? 0 : known.last(), run == null ? 0 : run.last());
  }
}
