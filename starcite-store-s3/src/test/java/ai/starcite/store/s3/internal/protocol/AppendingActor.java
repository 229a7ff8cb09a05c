package ai.starcite.store.s3.internal.protocol;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.internal.segment.SegmentWriter;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Appends as a session log does: what lost its place is encoded again after the winner, what is
 * unknown is sent again, and what a process had in flight when it died is sent by the next one,
 * unless it is found in the log.
 */
final class AppendingActor extends Actor {
  private static final int PATIENCE = 6;

  /** One in this many appends is followed by a checkpoint. */
  private static final int CHECKPOINTS = 8;

  private static final NewEvent EVENT = NewEvent.of("content", Json.parse("{}"));
  private static final UUID NONE = new UUID(0, 0);

  private final int sealsOf100;
  private final Set<UUID> known = new HashSet<>();
  private @Nullable SessionKey key;
  private long next;
  private UUID last = NONE;
  private boolean sealed;
  private @Nullable Op left;

  /** Events to append, which may be encoded several times. */
  static final class Op {
    final SessionKey session;
    final int events;
    final boolean seals;
    final Set<UUID> tokens = new HashSet<>();

    Op(SessionKey session, int events, boolean seals) {
      this.session = session;
      this.events = events;
      this.seals = seals;
    }
  }

  AppendingActor(Trial trial, Host host, String name, int turns, int sealsOf100) {
    super(trial, host, name, turns);
    this.sealsOf100 = sealsOf100;
  }

  @Override
  void forget() {
    key = null;
  }

  @Override
  CompletionStage<?> turn() {
    return key == null ? open().thenCompose(open -> open ? append() : now(false)) : append();
  }

  private CompletionStage<Boolean> open() {
    return load()
        .thenCompose(
            loaded -> {
              if (loaded.isEmpty()) {
                return now(false);
              }
              key = loaded.get().record().key();
              // From the end, as from a checkpoint, where nothing has to be found in the log.
              boolean blind = left == null && random.nextInt(3) == 0;
              next = blind ? Math.max(1, loaded.get().nextSeq() - 1) : 1;
              last = NONE;
              sealed = false;
              known.clear();
              return catchUp()
                  .thenApply(
                      lives -> {
                        sealed &= !blind;
                        return lives;
                      });
            });
  }

  /** Reads to the head; false if the session was deleted. */
  private CompletionStage<Boolean> catchUp() {
    return read(key, next).thenCompose(this::fold);
  }

  private CompletionStage<Boolean> fold(Optional<List<Segment>> read) {
    if (read.isEmpty()) {
      forget();
      return now(false);
    }
    read.get().forEach(this::fold);
    return read.get().isEmpty() || sealed ? now(true) : catchUp();
  }

  private void fold(Segment segment) {
    known.add(segment.token());
    next = segment.nextSeq();
    last = segment.token();
    sealed = segment.seals();
  }

  private CompletionStage<Boolean> append() {
    Op op = left;
    if (op == null || !op.session.equals(key)) {
      boolean seals = random.nextInt(100) < sealsOf100;
      op = new Op(key, seals ? random.nextInt(2) : 1 + random.nextInt(3), seals);
    }
    left = op;
    return decide(op);
  }

  /** Handles waiting events, as a log does once it knows what is stored. */
  private CompletionStage<Boolean> decide(Op op) {
    if (trial.decidesAgain() && op.tokens.stream().anyMatch(known::contains)) {
      left = null;
      return now(true);
    }
    if (sealed) {
      truth.life(op.session).checkRefused(op.tokens, "an append to a sealed session");
      left = null;
      forget();
      return now(false);
    }
    Segment segment = encode(op);
    op.tokens.add(segment.token());
    truth.life(op.session).register(segment.token(), op);
    return send(op, segment, false, PATIENCE);
  }

  private Segment encode(Op op) {
    SegmentWriter writer = new SegmentWriter(op.session);
    long time = trial.simulation().instant().toEpochMilli() * 1_000;
    for (int i = 1; i <= op.events; i++) {
      writer.add(EVENT, time, op.seals && i == op.events);
    }
    if (op.events == 0) {
      writer.seal(time);
    }
    return writer.finish(next, new UUID(random.nextLong(), random.nextLong()), last);
  }

  private CompletionStage<Boolean> send(Op op, Segment segment, boolean sent, int patience) {
    return call(store -> store.append(op.session, segment))
        .exceptionally(failure -> new Indefinite(cause(failure)))
        .thenCompose(outcome -> judge(op, segment, sent, patience, outcome));
  }

  private CompletionStage<Boolean> judge(
      Op op, Segment segment, boolean sent, int patience, AppendOutcome outcome) {
    TrueLife life = truth.life(op.session);
    trial.note(name, "append", segment + " " + outcome.getClass().getSimpleName());
    if (outcome instanceof AppendOutcome.Committed) {
      return acknowledged(life, segment);
    } else if (outcome instanceof AppendOutcome.Conflict) {
      return sent ? verify(op, segment, patience) : lost(op, segment);
    } else if (outcome instanceof AppendOutcome.Sealed) {
      life.checkSealed();
      sealed = true;
      return sent ? verify(op, segment, patience) : lost(op, segment);
    } else if (outcome instanceof AppendOutcome.Gone) {
      life.checkGone("an append");
      return ended(life, segment, sent);
    } else if (outcome instanceof Rejected rejected) {
      trial.checkCause(rejected.cause());
      return ended(life, segment, sent);
    } else if (outcome instanceof Indefinite indefinite) {
      trial.checkCause(indefinite.cause());
    }
    if (patience == 0) {
      forget();
      return now(false);
    }
    return send(op, segment, true, patience - 1);
  }

  private CompletionStage<Boolean> acknowledged(TrueLife life, Segment segment) {
    life.checkAppended(segment);
    fold(segment);
    left = null;
    if (random.nextInt(CHECKPOINTS) > 0) {
      return now(true);
    }
    return call(store ->
            store.checkpoint(
                key, TrueCheckpoint.at(life.keys().prefix(), next, random.nextBoolean())))
        .thenApply(kept -> true);
  }

  /** Checks whether a segment that was sent before is the one that is there. */
  private CompletionStage<Boolean> verify(Op op, Segment segment, int patience) {
    return read(op.session, segment.firstSeq())
        .thenCompose(
            there -> {
              if (there.isEmpty()) {
                return ended(truth.life(op.session), segment, true);
              } else if (there.get().isEmpty()) {
                return patience == 0 ? now(false) : send(op, segment, true, patience - 1);
              }
              Segment found = there.get().get(0);
              return found.token().equals(segment.token())
                  ? acknowledged(truth.life(op.session), segment)
                  : lost(op, segment);
            });
  }

  private CompletionStage<Boolean> lost(Op op, Segment segment) {
    truth.life(op.session).neverStored(segment.token(), "lost its place");
    return catchUp().thenCompose(lives -> lives ? decide(op) : now(false));
  }

  private CompletionStage<Boolean> ended(TrueLife life, Segment segment, boolean sent) {
    if (!sent) {
      life.neverStored(segment.token(), "was refused for good");
    }
    left = null;
    forget();
    return now(false);
  }
}
