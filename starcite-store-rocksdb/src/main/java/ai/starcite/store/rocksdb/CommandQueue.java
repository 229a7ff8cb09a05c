package ai.starcite.store.rocksdb;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits for the committer. Thread-safe; one thread takes. */
final class CommandQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Queue<Command<?>> commands = new ArrayDeque<>();
  private boolean closed;
  private boolean waiting;

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
      if (waiting) {
        waiting = false;
        filled.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves all commands to the end of a queue; waits for one if there is none.
   *
   * @param nanos how long to wait at most, or 0 for ever
   * @return false if the queue is closed and empty
   */
  boolean take(Queue<Command<?>> to, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (commands.isEmpty() && !closed && (nanos == 0 || left > 0)) {
        waiting = true;
        if (nanos == 0) {
          filled.await();
        } else {
          left = filled.awaitNanos(left);
        }
      }
      waiting = false;
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
      filled.signal();
    } finally {
      lock.unlock();
    }
  }
}
