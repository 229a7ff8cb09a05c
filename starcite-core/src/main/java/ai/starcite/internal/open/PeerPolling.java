package ai.starcite.internal.open;

import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.session.Head;
import ai.starcite.internal.shared.Poller;
import ai.starcite.spi.SegmentStore.Watch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what other processes append to a session that has tails: by hints of the store, and by
 * polling where there are none. Thread-safe.
 */
final class PeerPolling {
  private static final Logger LOG = LoggerFactory.getLogger(PeerPolling.class);

  private final OpenSession session;
  private final Decisions decisions;
  private final CommitContext context;

  /** Guarded by the lock of the session. */
  private final Poller poller;

  PeerPolling(OpenSession session, Decisions decisions, CommitContext context) {
    this.session = session;
    this.decisions = decisions;
    this.context = context;
    this.poller = new Poller(context.timer(), context.polled(), this::tick);
  }

  /** Begins, if the store is shared; false if it is not, or polling has begun before. */
  boolean start(Head head) {
    return context.shared() && poller.start(head);
  }

  /** Notes that a refresh has found something. In a decision. */
  void active() {
    poller.active();
  }

  /** Asks the store for hints; the polling goes on without where that fails. */
  void watch(Head head) {
    try {
      Watch watch = context.store().watch(head.key(), session::refresh);
      boolean[] taken = new boolean[1];
      decisions.make(effects -> taken[0] = poller.watching(watch));
      end(taken[0] ? null : watch);
    } catch (RuntimeException | Error e) {
      LOG.debug("the store gives no hints for session {}", session.sessionId(), e);
    }
  }

  private void tick() {
    @Nullable Watch[] ended = new Watch[1];
    decisions.make(
        effects -> {
          if (poller.continues()) {
            decisions.commit().answers().refresh(effects);
          }
          ended[0] = poller.endedWatch();
        });
    end(ended[0]);
  }

  private void end(@Nullable Watch watch) {
    try {
      if (watch != null) {
        watch.close();
      }
    } catch (RuntimeException | Error e) {
      LOG.warn("a watch of session {} could not be ended", session.sessionId(), e);
    }
  }
}
