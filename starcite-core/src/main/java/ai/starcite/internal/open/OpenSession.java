package ai.starcite.internal.open;

import ai.starcite.Producer;
import ai.starcite.SessionLogException;
import ai.starcite.TailEnd;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.append.AppendTimeouts;
import ai.starcite.internal.append.ByteBudget;
import ai.starcite.internal.commit.CallOutcomes;
import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.commit.Effects;
import ai.starcite.internal.commit.OpeningQueue;
import ai.starcite.internal.commit.QueuedAppend;
import ai.starcite.internal.commit.SessionCommit;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.internal.session.SessionLoader.Loaded;
import ai.starcite.spi.SessionKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that is open in this process: decides under its lock, and has the effects carried out
 * once the lock is released. A session that is closed for want of memory is another object when it
 * is opened again. Thread-safe.
 */
public final class OpenSession implements QueuedAppend.Holder, AppendTimeouts.Watched {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSession.class);

  /** How long a store may keep a thread that blocks anyway; see {@code SegmentStore}. */
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String sessionId;
  private final CommitContext context;
  private final SessionRegistry registry;
  private final ByteBudget.Share share;
  private final CallOutcomes outcomes;
  private final CompletableFuture<Head> opened = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> resolved = new CompletableFuture<>();
  private final Decisions decisions;
  private final PeerPolling peers;

  /** Whether the time-outs of calls are being watched. */
  private boolean watched;

  /** The incarnations that ended while the session was being opened. */
  private Predicate<SessionKey> over = incarnation -> false;

  /** Whether the session was used since eviction last looked at it. */
  private volatile boolean used = true;

  OpenSession(
      String sessionId, CommitContext context, SessionRegistry registry, ByteBudget.Share share) {
    this.sessionId = sessionId;
    this.context = context;
    this.registry = registry;
    this.share = share;
    this.outcomes = new CallOutcomes(sessionId, context);
    this.decisions =
        new Decisions(this, new Phase.Opening(new OpeningQueue(outcomes, context.maxProducers())));
    this.peers = new PeerPolling(this, decisions, context);
  }

  String sessionId() {
    return sessionId;
  }

  CommitContext context() {
    return context;
  }

  SessionRegistry registry() {
    return registry;
  }

  /** The session's share of the budget. */
  public ByteBudget.Share share() {
    return share;
  }

  /** The session's head, once it is loaded; fails if that fails. */
  public CompletableFuture<Head> head() {
    return opened;
  }

  // ---- Use.

  /** Notes that the session is used. */
  void use() {
    if (!used) {
      // Read first, which is cheaper where many threads do so.
      used = true;
    }
  }

  /** Whether the session was used since this was asked last. */
  boolean wasUsed() {
    boolean was = used;
    used = false;
    return was;
  }

  /** Closes the session if nothing is going on in it. */
  boolean retireIfIdle() {
    boolean[] idle = new boolean[1];
    decisions.make(
        effects -> {
          SessionCommit commit = decisions.commit();
          idle[0] = commit != null && commit.isIdle();
          if (idle[0]) {
            commit.retirement().retireIdle(effects);
          }
        });
    return idle[0];
  }

  // ---- Opening.

  /** Starts to decide, now that the session's state is known. */
  void opened(Loaded loaded) {
    decisions.make(
        effects -> {
          if (decisions.phase() instanceof Phase.Opening opening) {
            SessionKey key = loaded.head().key();
            SessionCommit commit =
                new SessionCommit(
                    context,
                    outcomes,
                    loaded,
                    opening.queue(),
                    () -> registry.mayBeOver(key),
                    registry::addWeight);
            decisions.become(new Phase.Opened(commit));
            if (over.test(key)) {
              // What was loaded is older than the deletion.
              commit.retirement().incarnationEnded(SessionLoader.notFound(sessionId), effects);
            } else {
              commit.advance(effects);
            }
          }
        });
    opened.complete(loaded.head());
  }

  /** Ends the session, which could not be opened. */
  void loadFailed(SessionLogException failure) {
    decisions.make(
        effects -> {
          if (decisions.phase() instanceof Phase.Opening opening) {
            decisions.become(new Phase.NeverOpened(failure));
            opening.queue().loadFailed(failure, effects);
          }
        });
    opened.completeExceptionally(failure);
  }

  // ---- Calls.

  /**
   * Takes a call; false if the session was closed meanwhile and must be opened again.
   *
   * @param joined whether the session was being opened before the call came
   */
  boolean submit(QueuedAppend queued, boolean joined) {
    boolean[] taken = new boolean[1];
    Effects effects =
        decisions.made(
            next -> {
              if (decisions.phase() instanceof Phase.NeverOpened never
                  && !isWorthAnotherLook(never, joined)) {
                taken[0] = true;
                outcomes.fail(queued, never.failure(), next);
              } else if (!decisions.phase().isRetired()) {
                taken[0] = true;
                if (!queued.call().isDone()) {
                  take(queued, joined);
                  decisions.phase().advance(next);
                }
              }
            });
    decisions.carryOut(effects, queued.call().blocksFor(KEPT_NANOS, context.waits().nanoTime()));
    return taken[0];
  }

  /** A look at the store that is older than the call may have found nothing too early. */
  private static boolean isWorthAnotherLook(Phase.NeverOpened never, boolean joined) {
    return joined && never.failure().code() == SessionLogException.Code.SESSION_NOT_FOUND;
  }

  private void take(QueuedAppend queued, boolean joined) {
    queued.heldBy(this);
    decisions.phase().enqueue(queued, joined);
    if (queued.call().isAsync() && !watched) {
      watched = true;
      context.timeouts().watch(this);
    }
  }

  /**
   * Takes calls over from another session, before all others; false if this one could not take that
   * one's place.
   */
  boolean takeOver(List<QueuedAppend> calls, BooleanSupplier place) {
    boolean[] placed = new boolean[1];
    decisions.make(
        effects -> {
          placed[0] = place.getAsBoolean();
          if (placed[0]) {
            calls.forEach(each -> take(each, false));
          }
        });
    return placed[0];
  }

  /** Notes that a call was turned away for want of room. */
  public void turnedAway(AppendCall call) {
    decisions.make(effects -> decisions.phase().turnedAway(call));
  }

  @Override
  public void withdraw(QueuedAppend queued, String why) {
    decisions.make(
        effects -> {
          decisions.phase().withdraw(each -> each == queued, why, effects);
          if (queued.call().place() == queued && !decisions.phase().contains(queued)) {
            outcomes.endLost(queued, why, effects);
          }
        });
  }

  @Override
  public boolean expire(long now) {
    boolean[] more = new boolean[1];
    decisions.make(
        effects -> {
          decisions
              .phase()
              .withdraw(
                  each -> each.call().isAsync() && each.call().deadline() - now <= 0,
                  "timed out",
                  effects);
          watched = outcomes.areAwaited();
          more[0] = watched;
        });
    return more[0];
  }

  /** Sends what lingers, since the log is closing. */
  void hurry() {
    decisions.make(effects -> decisions.phase().advance(effects));
  }

  /**
   * Returns the durable position of a producer; empty if the session must be opened again, or has
   * another incarnation than the one that is asked for.
   */
  public Optional<Optional<Producer.Position>> position(
      String producerId, Optional<String> incarnation) {
    return decisions.read(
        () -> {
          SessionCommit commit = decisions.commit();
          if (commit == null || commit.isRetired()) {
            return Optional.empty();
          }
          String own = commit.head().key().incarnation();
          if (!incarnation.orElse(own).equals(own)) {
            return Optional.empty();
          }
          if (commit.damage() != null) {
            throw commit.damage();
          }
          return Optional.of(
              Optional.ofNullable(commit.state().producers().get(producerId))
                  .map(producer -> new Producer.Position(producer.last(), producer.lastSeq())));
        });
  }

  // ---- Tails, and what other processes append.

  /** Registers a tail; false if the session was closed meanwhile and must be opened again. */
  public boolean addTail(Head head) {
    boolean[] added = new boolean[1];
    boolean[] watches = new boolean[1];
    decisions.make(
        effects -> {
          SessionCommit commit = decisions.commit();
          added[0] = commit != null && commit.head() == head && !commit.isRetired();
          if (added[0]) {
            head.addTail();
            watches[0] = peers.start(head);
          }
        });
    if (watches[0]) {
      peers.watch(head);
    }
    return added[0];
  }

  /** Notes that a refresh has found something. In a decision. */
  void active() {
    peers.active();
  }

  /** Reads the store for what this process does not know. */
  void refresh() {
    decisions.make(
        effects -> {
          SessionCommit commit = decisions.commit();
          if (commit != null) {
            commit.answers().refresh(effects);
          }
        });
  }

  // ---- The end.

  /**
   * Ends the session in this process: what waits fails definitely with the failure, and tails end.
   * What is in flight ends with the store's answer, unless the log is closing: then its outcome is
   * unknown.
   */
  void retire(SessionLogException failure, TailEnd tailEnd) {
    decisions.make(
        effects -> decisions.become(decisions.phase().retire(failure, tailEnd, effects)));
    opened.completeExceptionally(failure);
  }

  /**
   * Ends incarnations of the session that are over in the store. When this returns, nothing is
   * decided by what is known of them: neither now, nor when a load that is under way returns one.
   */
  void endIncarnations(Predicate<SessionKey> incarnations, SessionLogException failure) {
    decisions.make(
        effects -> {
          SessionCommit commit = decisions.commit();
          if (decisions.phase().isRetired()) {
            return;
          }
          if (commit == null) {
            over = over.or(incarnations);
          } else if (incarnations.test(commit.head().key())) {
            commit.retirement().incarnationEnded(failure, effects);
          }
        });
  }

  /** Whether nothing is in flight. */
  boolean isResolved() {
    return decisions.read(() -> decisions.commit() == null || decisions.commit().isResolved());
  }

  /** Notes that nothing is in flight any more, and the session has ended. */
  void becomeResolved() {
    resolved.complete(null);
  }

  /**
   * What the next opening of the session waits for: the answer to what was in flight when this one
   * was given up. Nobody could tell otherwise whether it is stored.
   */
  CompletableFuture<@Nullable Void> toWaitFor() {
    return decisions.wereAbandoned() && !isResolved()
        ? resolved
        : CompletableFuture.completedFuture(null);
  }
}
