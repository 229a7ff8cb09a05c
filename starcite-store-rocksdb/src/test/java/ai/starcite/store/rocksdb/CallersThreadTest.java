package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.testkit.contract.StoreData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that are carried out on their callers' threads, while the committer has nothing to do.
 */
@Timeout(60)
class CallersThreadTest {
  @TempDir private Path directory;
  private final CommandQueue queue = new CommandQueue();
  private final SessionKey key = StoreData.key("session");
  private DatabaseAccess access;
  private @Nullable Committer committer;
  private @Nullable Thread thread;

  @BeforeEach
  void open() {
    access = DatabaseAccess.open(directory, RocksDbOptions.defaults());
  }

  @AfterEach
  void close() throws InterruptedException {
    queue.close();
    if (thread != null) {
      thread.join();
    }
    access.close();
  }

  /** Starts a committer to whom a disk is fast that takes so long, and waits until it sleeps. */
  private void start(long fastNanos) {
    committer = new Committer(queue, access, new Unsettled(), fastNanos);
    thread = new Thread(committer, "committer");
    thread.start();
    awaitAsleep(Thread.State.WAITING);
  }

  private void awaitAsleep(Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private CreateCommand create() {
    return new CreateCommand(StoreData.record(key));
  }

  private AppendCommand append(long seq) {
    return new AppendCommand(key, StoreData.segment(seq, 1));
  }

  /** A command that does something while it is decided, and then creates the session. */
  private final class During extends Command<CreateOutcome> {
    private final CreateCommand create = create();
    private final Runnable action;

    During(Runnable action) {
      super(key.id());
      this.action = action;
    }

    @Override
    @Nullable CreateOutcome judge(Batch batch, Heads.@Nullable Head head)
        throws org.rocksdb.RocksDBException {
      action.run();
      return create.judge(batch, head);
    }

    @Override
    CreateOutcome rejected(Throwable cause) {
      return create.rejected(cause);
    }

    @Override
    CreateOutcome indefinite(Throwable cause) {
      return create.indefinite(cause);
    }

    @Override
    @Nullable Object identity() {
      return create.identity();
    }
  }

  @Test
  @DisplayName("While the committer sleeps, a command is carried out, and answered, on its thread")
  void onTheCallersThread() {
    start(Long.MAX_VALUE);
    AtomicReference<Thread> answered = new AtomicReference<>();
    List<Command<?>> commands = new ArrayList<>(List.of(create()));
    for (int seq = 1; seq <= 100; seq++) {
      commands.add(append(seq));
    }
    for (Command<?> each : commands) {
      each.stage().thenRun(() -> answered.set(Thread.currentThread()));
      assertThat(committer.carryOut(each)).isTrue();
      assertThat(answered.getAndSet(null)).isSameAs(Thread.currentThread());
    }
    assertThat(StoreData.await(commands.get(100).stage())).isEqualTo(new AppendOutcome.Committed());
  }

  @Test
  @DisplayName("A slow disk is waited for by the committer's thread")
  void slowDisk() {
    start(0);
    assertThat(committer.carryOut(create())).as("before anything is known of the disk").isTrue();
    AppendCommand append = append(1);
    assertThat(committer.carryOut(append)).isFalse();
    assertThat(append.stage().toCompletableFuture()).isNotDone();
    queue.offer(append);
    assertThat(StoreData.await(append.stage())).isEqualTo(new AppendOutcome.Committed());
  }

  @Test
  @DisplayName("While the committer is at work, or another caller is, a command has to queue")
  void busy() throws InterruptedException {
    start(Long.MAX_VALUE);
    CountDownLatch deciding = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    During first =
        new During(
            () -> {
              deciding.countDown();
              awaitUninterruptibly(go);
            });
    queue.offer(first);
    deciding.await();
    assertThat(committer.carryOut(append(1))).as("while the committer is at work").isFalse();
    go.countDown();
    StoreData.await(first.stage());
    awaitAsleep(Thread.State.WAITING);

    List<Boolean> second = new ArrayList<>();
    assertThat(committer.carryOut(new During(() -> second.add(committer.carryOut(append(1))))))
        .isTrue();
    assertThat(second).as("while another caller is at work").containsExactly(false);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("What queues while a caller is at work is carried out by the committer after it")
  void queuedMeanwhile() {
    start(Long.MAX_VALUE);
    List<AppendCommand> queued = List.of(append(1), append(2));
    assertThat(committer.carryOut(new During(() -> queued.forEach(queue::offer)))).isTrue();
    for (AppendCommand each : queued) {
      assertThat(StoreData.await(each.stage())).isEqualTo(new AppendOutcome.Committed());
    }
  }

  @Test
  @DisplayName("The committer ends only after the caller that is at work, whose command counts")
  void closedMeanwhile() throws InterruptedException {
    start(Long.MAX_VALUE);
    List<Boolean> alive = new ArrayList<>();
    During create =
        new During(
            () -> {
              queue.close();
              // It has been called, and sleeps again until the caller is done.
              awaitAsleep(Thread.State.WAITING);
              alive.add(thread.isAlive());
            });
    assertThat(committer.carryOut(create)).isTrue();
    assertThat(StoreData.await(create.stage())).isEqualTo(new CreateOutcome.Created());
    assertThat(alive).containsExactly(true);
    thread.join();
    assertThat(committer.carryOut(append(1))).as("after the end").isFalse();
  }

  @Test
  @DisplayName("A checkpoint that falls due while a caller is at work is written after it")
  void checkpointMeanwhile() {
    start(Long.MAX_VALUE);
    assertThat(committer.carryOut(create())).isTrue();
    CheckpointCommand before = new CheckpointCommand(key, new StateCheckpoint(1, new byte[] {1}));
    queue.offer(before);
    awaitAsleep(Thread.State.TIMED_WAITING);
    CheckpointCommand after = new CheckpointCommand(key, new StateCheckpoint(1, new byte[] {2}));
    During append =
        new During(
            () -> {
              queue.offer(after);
              // Its second is over, and it waits for the caller without an end now.
              awaitAsleep(Thread.State.WAITING);
            });
    assertThat(committer.carryOut(append)).isTrue();
    assertThat(before.stage().toCompletableFuture()).as("written along").isDone();
    StoreData.await(after.stage());
  }

  @Test
  @DisplayName("After a write has failed, the committer's thread opens the database again")
  void failed() {
    start(Long.MAX_VALUE);
    access.writeFailed(new IllegalStateException("the disk is gone"));
    assertThat(committer.carryOut(create())).isFalse();
  }
}
