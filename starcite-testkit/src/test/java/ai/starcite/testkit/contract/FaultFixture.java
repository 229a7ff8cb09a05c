package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.contract.Calls.Call;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A log over a store that does what the test says. Futures complete on the thread that has the
 * answer, so that "not answered yet" can be told for certain.
 */
abstract class FaultFixture extends AppendFixture {
  final ScriptedStore store = new ScriptedStore(MemorySegmentStore.open());

  /** A session of this test. */
  String id;

  @Override
  protected SegmentStore openStore() {
    return store;
  }

  @Override
  protected boolean outlivesClose() {
    return false;
  }

  @BeforeEach
  void createSession() {
    open(builder -> builder);
  }

  @AfterEach
  void healStore() {
    store.heal();
  }

  /** Opens the log with settings of its own, and makes a new session. */
  final void open(UnaryOperator<SessionLogBuilder> settings) {
    closeLog();
    settings(builder -> settings.apply(builder.executor(Runnable::run)));
    id = newSession();
  }

  final CompletableFuture<AppendResult> send(NewEvent event) {
    return log().appendAsync(id, event);
  }

  final CompletableFuture<AppendResult> send(NewEvent event, AppendOptions options) {
    return log().appendAsync(id, event, options);
  }

  /** Sends an event whose write is held from now on, and that of everything behind it. */
  final Call<AppendOutcome> hold(NewEvent event) {
    store.appends.hold();
    log().appendAsync(id, event);
    return store.appends.next();
  }

  static void assertUnanswered(Future<?>... futures) {
    for (Future<?> future : futures) {
      assertThat(future.isDone()).as("answered already").isFalse();
    }
  }

  /** Another log over the same store, as another process. */
  static SessionLog another(ScriptedStore other) {
    return SessionLog.builder(other).closesStore(false).executor(Runnable::run).open();
  }

  /** Waits until a thread waits with a time-out, as a blocking append does. */
  static void awaitBlocked(Thread thread) {
    await(thread + " blocks", () -> thread.getState() == Thread.State.TIMED_WAITING);
  }
}
