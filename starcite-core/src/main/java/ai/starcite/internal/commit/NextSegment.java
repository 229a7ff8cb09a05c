package ai.starcite.internal.commit;

import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.commit.PendingEvents.Pending;
import ai.starcite.internal.commit.PendingEvents.Run;
import ai.starcite.internal.segment.SegmentWriter;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.ProducerState;
import ai.starcite.internal.session.SessionState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The next segment of a session as it forms: decides each op in order against the durable state and
 * all that is pending before it, and encodes what is new. The order of checks is that of clause
 * APP-6. Guarded by the session's writer.
 */
final class NextSegment {
  /** A segment grows no further than this, unless a single batch is larger. */
  private static final int SEGMENT_BYTES = 2 << 20;

  private static final int SEGMENT_EVENTS = 10_000;

  /** How a decision went. */
  enum Verdict {
    /** The op is in the batch. */
    DECIDED,
    /** The op repeats durable events: it rests on nothing that is pending. */
    SETTLED,
    /** The op belongs into the next segment. */
    FULL,
    /** The op needs {@link #wanted} first. */
    NEEDS_PAGE
  }

  private final String sessionId;
  private final String incarnation;
  private final SessionState state;
  private final CommitContext context;
  private final BooleanSupplier needsLook;
  private final SegmentWriter writer;
  private final PendingEvents pending = new PendingEvents();
  private final ProducerCheck duplicates;

  /** Failures that have been decided and not answered yet, by producer. */
  private final Map<String, Refused> refused = new HashMap<>();

  /** By producer, the lowest number that was turned away and is still missing. */
  private final Map<String, Long> turnedAway;

  private Batch batch = new Batch();
  private long nextSeq;
  private long lastTime;
  private boolean sealed;

  private record Refused(AppendCall op, Failed failed) {}

  /**
   * The next segment of a session that was opened.
   *
   * @param needsLook whether what this process knows may be out of date
   */
  NextSegment(
      Head head,
      SessionState state,
      CommitContext context,
      Map<String, Long> turnedAway,
      BooleanSupplier needsLook) {
    this.needsLook = needsLook;
    this.sessionId = head.key().id();
    this.incarnation = head.key().epoch();
    this.state = state;
    this.context = context;
    this.turnedAway = turnedAway;
    this.writer = new SegmentWriter(head.key());
    this.duplicates = new ProducerCheck(head.pages(), state.producers(), pending);
    rest();
  }

  /** Goes back to the durable state; what was in the forming batch is to be decided again. */
  List<AppendCall> reset() {
    List<AppendCall> ops = batch.ops;
    writer.clear();
    pending.clear();
    refused.clear();
    rest();
    return ops;
  }

  private void rest() {
    batch = new Batch();
    nextSeq = state.nextSeq();
    lastTime = state.lastTime();
    sealed = state.sealed();
  }

  /** The seq that an op which {@link Verdict#NEEDS_PAGE} wants to see. */
  long wanted() {
    return duplicates.wanted();
  }

  /** Whether an op only repeats stored events. */
  boolean repeatsOnly(AppendCall op) {
    return duplicates.areStored(op);
  }

  /** Whether the forming batch has something to write. */
  boolean hasSegment() {
    return !writer.isEmpty();
  }

  /** Takes those ops of the forming batch, which has no segment, that came before a look. */
  List<AppendCall> takeProven(long look) {
    int count = 0;
    while (count < batch.ops.size() && batch.ops.get(count).arrival < look) {
      count++;
    }
    List<AppendCall> first = batch.ops.subList(0, count);
    List<AppendCall> proven = List.copyOf(first);
    first.clear();
    return proven;
  }

  /** Whether the forming batch has an op that is meant for another life of the session. */
  boolean doubtsItsLife() {
    return batch.ops.stream().anyMatch(op -> op.meantForAnother);
  }

  /** The ops of the forming batch. */
  List<AppendCall> ops() {
    return batch.ops;
  }

  /** Takes the forming batch, and starts the next one behind it. */
  Batch finish() {
    Batch finished = batch;
    if (!writer.isEmpty()) {
      UUID token = context.randomToken();
      finished.time = lastTime;
      finished.segment = writer.finish(nextSeq - writer.count(), token, state.lastToken());
    }
    batch = new Batch();
    return finished;
  }

  /** Makes the events of a batch part of the durable state. */
  void commit(Batch committed) {
    for (Pending each : committed.pending) {
      state
          .producers()
          .add(each.producerId(), each.number(), each.seq(), each.op().hashes[each.index()]);
      pending.removeFirst(each.producerId());
    }
    var segment = committed.segment;
    state.advance(segment.nextSeq(), committed.time, segment.token(), segment.seals());
  }

  /** Forgets that an op was refused, now that this is answered. */
  void answered(AppendCall op) {
    for (String producerId : op.producers) {
      Refused entry = producerId == null ? null : refused.get(producerId);
      if (entry != null && entry.op() == op) {
        refused.remove(producerId);
      }
    }
  }

  /** Decides an op. */
  Verdict decide(AppendCall op) {
    op.refusal = null;
    op.encoded = false;
    op.knownPending = false;
    op.meantForAnother = op.incarnation != null && !op.incarnation.equals(incarnation);
    if (op.meantForAnother) {
      // Its producers are those of another life: nothing of this one fails with it.
      op.refusal = anotherLife();
      batch.ops.add(op);
      return Verdict.DECIDED;
    }
    Map<String, Long> earlier = op.events.size() > 1 ? new HashMap<>() : Map.of();
    int firsts = 0;
    for (int i = 0; i < op.events.size(); i++) {
      String producerId = op.producers[i];
      op.known[i] = false;
      if (producerId == null) {
        continue;
      }
      try {
        switch (duplicates.judge(op, i, earlier.getOrDefault(producerId, 0L))) {
          case NEEDS_PAGE -> {
            return Verdict.NEEDS_PAGE;
          }
          case FIRST -> firsts++;
          default -> {}
        }
      } catch (SessionLogException refusal) {
        // What is missing may be missing because it failed, which is the better answer.
        SessionLogException failure =
            refusal.code() == Code.PRODUCER_SEQ_CONFLICT ? failedBefore(op, i, true) : null;
        return refuse(op, failure == null ? refusal : failure);
      }
      if (!op.known[i]) {
        SessionLogException failure = failedBefore(op, i, false);
        if (failure != null) {
          return refuse(op, failure);
        }
        if (op.events.size() > 1) {
          earlier.put(producerId, CoreAccess.access().producerSeq(op.events.get(i)));
        }
      }
    }
    return judge(op, firsts);
  }

  private SessionLogException anotherLife() {
    return new SessionLogException(
        Code.SESSION_NOT_FOUND,
        ("session %s has another incarnation, %s: it was deleted and created again; what was meant"
                + " for its earlier life is not appended")
            .formatted(sessionId, incarnation));
  }

  private Verdict judge(AppendCall op, int newProducers) {
    if (!op.hasNew() && (!op.seal || !op.events.isEmpty() || sealed)) {
      if (!op.isWithoutEvents() && !op.knownPending && !needsLook.getAsBoolean()) {
        return Verdict.SETTLED;
      }
      batch.ops.add(op);
      return Verdict.DECIDED;
    }
    if (newProducers > 0
        && state.producers().size() + pending.newProducers() + newProducers
            > context.maxProducers()) {
      return refuse(
          op,
          new SessionLogException(
              Code.TOO_MANY_PRODUCERS,
              "the session has "
                  + context.maxProducers()
                  + " producers; reuse their ids, or raise maxProducers"));
    }
    if (sealed) {
      return refuse(
          op,
          new SessionLogException(
              Code.SESSION_SEALED,
              "session %s is sealed and takes no more events; append to another one"
                  .formatted(sessionId)));
    }
    if (op.expectedSeq >= 0 && op.expectedSeq != nextSeq - 1) {
      return refuse(
          op,
          new SessionLogException(
                  Code.EXPECTED_SEQ_CONFLICT,
                  "expected last seq %d, but it is %d; read on from there and decide again"
                      .formatted(op.expectedSeq, nextSeq - 1))
              .withCurrentSeq(nextSeq - 1));
    }
    long length = op.bytes + (long) op.events.size() * SegmentWriter.RECORD_OVERHEAD;
    if (!writer.isEmpty()
        && (writer.length() + length > SEGMENT_BYTES
            || writer.count() + op.events.size() > SEGMENT_EVENTS)) {
      return Verdict.FULL;
    }
    encode(op);
    op.encoded = true;
    batch.ops.add(op);
    return Verdict.DECIDED;
  }

  private void encode(AppendCall op) {
    lastTime = Math.max(lastTime, context.nowMicros());
    for (int i = 0; i < op.events.size(); i++) {
      if (op.known[i]) {
        continue;
      }
      NewEvent event = op.events.get(i);
      writer.add(event, lastTime, op.sealsWith(i));
      op.seqs[i] = nextSeq++;
      if (op.producers[i] != null) {
        long number = CoreAccess.access().producerSeq(event);
        Pending each = new Pending(op.producers[i], number, op.seqs[i], op, i);
        pending.add(each, state.producers().get(op.producers[i]) == null);
        batch.pending.add(each);
        turnedAway.remove(op.producers[i]);
      }
    }
    if (op.events.isEmpty()) {
      writer.seal(lastTime);
    }
    sealed |= op.seal;
  }

  private Verdict refuse(AppendCall op, SessionLogException refusal) {
    op.refusal = refusal;
    Map<String, Failed> failures = new HashMap<>();
    Failed.note(op, refusal, failures);
    // The latest op, so that the failure is shared until that one is answered too.
    failures.forEach((producerId, failed) -> refused.put(producerId, new Refused(op, failed)));
    batch.ops.add(op);
    return Verdict.DECIDED;
  }

  /**
   * The failure that a new event shares with one of its producer's that failed before it: neither
   * may it slip past that one, nor become the producer's first (clause APP-4).
   *
   * @param gap whether the event is refused anyway, for a gap that the failure may explain
   */
  private @Nullable SessionLogException failedBefore(AppendCall op, int i, boolean gap) {
    String producerId = op.producers[i];
    long number = CoreAccess.access().producerSeq(op.events.get(i));
    Failed shared = op.sharedFailure(producerId);
    if (shared != null && (!gap || shared.explainsGapBefore(number))) {
      return shared.behind(producerId);
    }
    Refused before = refused.get(producerId);
    if (before != null && (!gap || before.failed().explainsGapBefore(number))) {
      return before.failed().behind(producerId);
    }
    Long missing = turnedAway.get(producerId);
    if (missing != null && missing <= lastOf(producerId)) {
      // It was a retry of one that is stored, or will be.
      turnedAway.remove(producerId);
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
