package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer. It folds what all sessions have queued into one batch with one sync, so that the
 * batches follow each other: while one is synced, the next one gathers. Runs on its own thread,
 * which completes the commands. While that has nothing to do, a caller that waits for its command
 * anyway can {@linkplain #carryOut do its work}, since calling it, and being called back, takes
 * about a third of the time of a sync on a fast disk.
 *
 * <p>Checkpoints wait for the next batch, since they are not worth a sync of their own; nor may
 * they be written without one, because {@link RecordLog} counts on every record of the WAL being
 * durable before the next one is begun.
 */
final class Committer implements Runnable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Committer.class);
  private static final long BATCH_BYTES = 4 * 1024 * 1024;
  private static final long CHECKPOINT_BYTES = 1024 * 1024;
  private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CommandQueue queue;
  private final DatabaseAccess access;
  private final Unsettled unsettled;
  private final long fastNanos;
  private final Heads heads = new Heads();
  private final BatchMemory memory = new BatchMemory();
  private final ArrayDeque<Command<?>> pending = new ArrayDeque<>();
  private final Queue<CheckpointCommand> checkpoints = new ArrayDeque<>();
  private final List<Command<?>> decided = new ArrayList<>();
  private long checkpointBytes;
  private long lastWriteNanos;

  /**
   * A committer of what a queue gets.
   *
   * @param fastNanos if the disk was slower than this, its next write is left to the committer's
   *     own thread
   */
  Committer(CommandQueue queue, DatabaseAccess access, Unsettled unsettled, long fastNanos) {
    this.queue = queue;
    this.access = access;
    this.unsettled = unsettled;
    this.fastNanos = fastNanos;
  }

  /**
   * Works until the queue is closed and everything in it is done. If it has to end before that, it
   * closes the queue and answers everything, so that nobody waits forever.
   */
  @Override
  public void run() {
    try {
      work();
    } finally {
      queue.close();
      take();
      SessionLogException cause = Failures.closed();
      decided.forEach(command -> answer(command, () -> command.loseTrack(cause, unsettled)));
      for (Queue<? extends Command<?>> waiting : List.of(pending, checkpoints)) {
        waiting.forEach(command -> answer(command, () -> command.fail(cause, unsettled)));
      }
      memory.close();
    }
  }

  private void answer(Command<?> command, Runnable decision) {
    try {
      decision.run();
      command.complete(unsettled);
    } catch (RuntimeException | Error e) {
      command.abort(e);
    }
  }

  private void work() {
    boolean open = true;
    while (open) {
      open = take();
      boolean due = pending.isEmpty() || !open;
      setCheckpointsAside();
      while (!pending.isEmpty()) {
        commit();
        complete();
      }
      if (!checkpoints.isEmpty() && (due || checkpointBytes > CHECKPOINT_BYTES)) {
        commit();
        complete();
      }
    }
  }

  /**
   * Carries out a command on the calling thread, if the committer's own one sleeps and the disk is
   * fast: a thread that waits for a slow disk should be one that nobody counts on.
   *
   * @return whether that was done; if not, the command belongs into the queue
   */
  boolean carryOut(Command<?> command) {
    if (VirtualThreads.isCurrent() || !queue.takePlace()) {
      return false;
    }
    List<Command<?>> done;
    try {
      if (lastWriteNanos > fastNanos || !access.isWritable()) {
        return false;
      }
      pending.add(command);
      commit();
    } catch (RuntimeException | Error e) {
      // Nothing that is foreseen, so that the heads may be ahead of the database.
      LOGGER.error("a write failed unexpectedly, and it is unknown whether it was stored", e);
      heads.clear();
      decided.addAll(pending);
      pending.clear();
      decided.forEach(each -> each.loseTrack(e, unsettled));
    } finally {
      done = List.copyOf(decided);
      decided.clear();
      queue.giveBack();
    }
    // Only now: who is told may take long, or close the store, which waits for the committer.
    done.forEach(each -> each.complete(unsettled));
    return true;
  }

  private void complete() {
    decided.forEach(command -> command.complete(unsettled));
    decided.clear();
  }

  private boolean take() {
    while (true) {
      try {
        return queue.take(pending, checkpoints.isEmpty() ? 0 : CHECKPOINT_NANOS);
      } catch (InterruptedException e) {
        // Nobody has reason to interrupt this thread; only close ends it.
      }
    }
  }

  private void setCheckpointsAside() {
    pending.removeIf(
        command -> {
          if (command instanceof CheckpointCommand checkpoint) {
            checkpoints.add(checkpoint);
            checkpointBytes += checkpoint.bytes();
            return true;
          }
          return false;
        });
  }

  /** Decides and writes as many of the pending commands as go into one batch. */
  private void commit() {
    boolean tried = false;
    Database database;
    try {
      database = access.forWriting();
    } catch (RuntimeException | Error e) {
      giveUp(e);
      return;
    }
    try (Batch batch = new Batch(database, heads, memory)) {
      decide(batch);
      if (!batch.isEmpty()) {
        long start = System.nanoTime();
        tried = true;
        batch.write();
        lastWriteNanos = System.nanoTime() - start;
      }
      // An answer that wrote nothing also rests on what the directory holds.
      access.requireHeld();
    } catch (RocksDBException | RuntimeException | Error e) {
      heads.clear();
      if (!tried) {
        giveUp(e);
      } else if (Failures.isStall(e)) {
        SessionLogException failure = access.writeStalled(database, e);
        decided.forEach(command -> command.fail(failure, unsettled));
      } else if (Failures.isUntried(e)) {
        SessionLogException failure = access.writeFailed(e);
        decided.forEach(command -> command.fail(failure, unsettled));
      } else {
        SessionLogException failure = access.writeFailed(e);
        decided.forEach(command -> command.loseTrack(failure, unsettled));
      }
    }
    heads.trim();
  }

  private void decide(Batch batch) throws RocksDBException {
    boolean decidable = true;
    while (decidable && !pending.isEmpty() && batch.bytes() < BATCH_BYTES) {
      Command<?> next = pending.remove();
      decided.add(next);
      decidable = next.decide(batch, unsettled);
      if (!decidable) {
        pending.addFirst(decided.remove(decided.size() - 1));
      }
    }
    if (!batch.isEmpty() || pending.isEmpty()) {
      for (CheckpointCommand checkpoint : checkpoints) {
        decided.add(checkpoint);
        checkpoint.decide(batch, unsettled);
      }
      checkpoints.clear();
      checkpointBytes = 0;
    }
  }

  /** Answers what was decided, or else everything that waits: nothing of it was written. */
  private void giveUp(Throwable e) {
    SessionLogException cause = Failures.untried(e);
    if (decided.isEmpty()) {
      // It was not about any of them, but about all.
      decided.addAll(pending);
      decided.addAll(checkpoints);
      pending.clear();
      checkpoints.clear();
      checkpointBytes = 0;
    }
    decided.forEach(command -> command.fail(cause, unsettled));
  }
}
