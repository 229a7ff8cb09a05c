package ai.starcite.store.rocksdb;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the committer, and who has its place: its own thread, which sleeps while there is
 * nothing to do, or meanwhile another one. Thread-safe; one thread takes.
 */
final class CommandQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Queue<Command<?>> commands = new ArrayDeque<>();
  private boolean closed;

  /** Whether the committer's thread sleeps and was not called. */
  private boolean asleep;

  /** Whether another thread has its place. */
  private boolean taken;

  /** Whether it wants that back. */
  private boolean wanted;

  /**
   * Adds a command.
   *
   * @return false if the queue is closed
   */
  boolean offer(Command<?> command) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      commands.add(command);
      if (asleep && !taken) {
        call();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void call() {
    asleep = false;
    filled.signal();
  }

  /**
   * Takes the place of the committer's thread if that sleeps and nothing waits.
   *
   * @return whether the caller has it, and must {@linkplain #giveBack give it back}
   */
  boolean takePlace() {
    lock.lock();
    try {
      if (!asleep || taken || closed || !commands.isEmpty()) {
        return false;
      }
      taken = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives the committer's thread its place back, and calls it if there is something to do. */
  void giveBack() {
    lock.lock();
    try {
      taken = false;
      if (wanted || closed || !commands.isEmpty()) {
        call();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves all commands to the end of a queue; waits for one if there is none.
   *
   * @param nanos how long to wait at most, or 0 for no limit
   * @return false if the queue is closed and empty
   */
  boolean take(Queue<Command<?>> to, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (taken || (commands.isEmpty() && !closed && (nanos == 0 || left > 0))) {
        asleep = true;
        wanted = nanos != 0 && left <= 0;
        if (nanos == 0 || wanted) {
          filled.await();
        } else {
          left = filled.awaitNanos(left);
        }
      }
      asleep = false;
      wanted = false;
      to.addAll(commands);
      commands.clear();
      return !closed || !to.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more commands; those that it has are still given out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      call();
    } finally {
      lock.unlock();
    }
  }
}
