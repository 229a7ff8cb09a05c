package ai.starcite.internal.threads;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the code of users: what hangs on futures, and subscribers. On the executor that the user
 * gave, or on a pool that grows while all of its threads are stuck in callbacks that block: those
 * may wait for other callbacks, which must get a thread then. A callback that holds a thread for
 * seconds is named in the log. Thread-safe; {@link #execute} never throws.
 */
final class Callbacks implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
  private static final int MOST_THREADS = 256;
  private static final long IDLE_SECONDS = 10;
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long a close waits for an executor that was given to begin what it has. */
  private static final long DROPPED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Executor target;
  private final @Nullable ThreadPoolExecutor pool;
  private final int base;
  private final ThreadFactory threads;
  private final Timer timer;
  private final Waits waits;
  private final Map<Thread, Task> running = new ConcurrentHashMap<>();

  /** What the executor that was given has taken and not begun. */
  private final Set<Task> given = ConcurrentHashMap.newKeySet();

  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicBoolean watching = new AtomicBoolean();
  private @Nullable ThreadPoolExecutor spare;
  private volatile boolean closed;
  private long completed;

  Callbacks(@Nullable Executor given, ThreadFactory threads, Timer timer, Waits waits) {
    this.threads = threads;
    this.timer = timer;
    this.waits = waits;
    this.base = Math.max(2, Runtime.getRuntime().availableProcessors());
    if (given == null) {
      // Its queue is bounded by the bytes of what it is to deliver: see Appender.
      pool =
          new ThreadPoolExecutor(
              base,
              MOST_THREADS,
              IDLE_SECONDS,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              threads);
      pool.prestartCoreThread();
      target = pool;
    } else {
      pool = null;
      target = given;
    }
  }

  @Override
  public void execute(Runnable code) {
    Task task = new Task(code);
    pending.incrementAndGet();
    try {
      if (pool == null && waits == Waits.SYSTEM) {
        given.add(task);
      }
      target.execute(task);
    } catch (RuntimeException | Error e) {
      LOG.debug("the executor took no task", e);
      if (!task.isTaken()) {
        rescue(task);
      }
    }
    if (waits == Waits.SYSTEM && pending.get() > 0 && watching.compareAndSet(false, true)) {
      timer.after(TICK_NANOS, this::watch);
    }
  }

  /** Runs what the executor did not take: if no thread can be had, on this one. */
  private void rescue(Task task) {
    try {
      if (pool != null && !closed && pool.getPoolSize() > 0) {
        pool.getQueue().add(task);
        return;
      }
      if (waits == Waits.SYSTEM) {
        if (closed) {
          threads.newThread(task).start();
        } else {
          spare().execute(task);
        }
        return;
      }
    } catch (RuntimeException | Error e) {
      LOG.debug("no thread for a callback", e);
    }
    task.run();
  }

  /** Stands in for an executor that was given, and takes no tasks. */
  private synchronized ThreadPoolExecutor spare() {
    ThreadPoolExecutor stand = spare;
    if (stand == null) {
      stand =
          new ThreadPoolExecutor(
              1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
      stand.allowCoreThreadTimeOut(true);
      spare = stand;
    }
    return stand;
  }

  /** Whether the calling thread is running a callback. */
  boolean isRunningOne() {
    return running.containsKey(Thread.currentThread());
  }

  private void watch() {
    long now = waits.nanoTime();
    running.forEach((thread, task) -> task.look(thread, now));
    if (pool != null && !closed) {
      grow(pool);
    }
    if (pending.get() > 0 && !closed) {
      timer.after(TICK_NANOS, this::watch);
    } else {
      watching.set(false);
      if (pending.get() > 0 && !closed && watching.compareAndSet(false, true)) {
        timer.after(TICK_NANOS, this::watch);
      }
    }
  }

  /** Adds threads if none has finished anything since the last time while tasks wait. */
  private void grow(ThreadPoolExecutor threadPool) {
    int waiting = threadPool.getQueue().size();
    long done = threadPool.getCompletedTaskCount();
    boolean stuck = waiting > 0 && done == completed;
    completed = done;
    try {
      if (stuck) {
        int size = threadPool.getPoolSize();
        threadPool.setCorePoolSize(Math.min(MOST_THREADS, size + Math.min(waiting, size + 1)));
      } else if (waiting == 0 && threadPool.getCorePoolSize() > base) {
        threadPool.setCorePoolSize(base);
      }
    } catch (RuntimeException | Error e) {
      LOG.debug("no more threads for callbacks", e);
    }
  }

  /**
   * Ends the pool after what it has to do, for which it waits so long. What is stuck then is
   * interrupted, and what still waits gets threads of its own.
   */
  void close(long nanos) {
    ThreadPoolExecutor ending;
    long deadline = System.nanoTime() + nanos;
    runDropped(Math.min(nanos, DROPPED_NANOS));
    synchronized (this) {
      closed = true;
      ending = pool == null ? spare : pool;
    }
    if (ending == null) {
      return;
    }
    try {
      // What waits may be what those that block are waiting for.
      int wanted = ending.getPoolSize() + ending.getQueue().size();
      int threadsNow = Math.min(ending.getMaximumPoolSize(), Math.max(1, wanted));
      ending.setCorePoolSize(Math.max(threadsNow, ending.getCorePoolSize()));
    } catch (RuntimeException | Error e) {
      LOG.debug("no more threads for callbacks", e);
    }
    ending.shutdown();
    if (isRunningOne()) {
      return;
    }
    LogThreads.awaitTermination(ending, deadline - System.nanoTime());
    for (Runnable left : ending.shutdownNow()) {
      rescue((Task) left);
    }
  }

  /**
   * Has run elsewhere what the executor that was given does not begin in time, such as one that was
   * shut down or drops tasks: nobody else completes those futures.
   */
  private void runDropped(long nanos) {
    long deadline = System.nanoTime() + nanos;
    while (!given.isEmpty() && !isRunningOne() && !hasEnded() && System.nanoTime() < deadline) {
      waits.park(given, TICK_NANOS / 100);
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    if (!isRunningOne() || hasEnded()) {
      given.forEach(this::rescue);
    }
  }

  private boolean hasEnded() {
    return target instanceof ExecutorService service && service.isTerminated();
  }

  private final class Task extends AtomicBoolean implements Runnable {
    private static final long serialVersionUID = 1L;
    private final transient Runnable code;
    private volatile long since;
    private boolean warned;

    Task(Runnable code) {
      this.code = code;
    }

    boolean isTaken() {
      return get();
    }

    @Override
    public void run() {
      if (!compareAndSet(false, true)) {
        // An executor that threw had taken it all the same.
        return;
      }
      given.remove(this);
      since = waits.nanoTime();
      Task outer = running.put(Thread.currentThread(), this);
      try {
        code.run();
      } catch (RuntimeException | Error e) {
        warn(e);
      } finally {
        if (outer == null) {
          running.remove(Thread.currentThread());
        } else {
          running.put(Thread.currentThread(), outer);
        }
        pending.decrementAndGet();
      }
    }

    /** The thread must live on: another one might not be had. */
    private void warn(Throwable failure) {
      try {
        LOG.warn("a callback failed", failure);
      } catch (RuntimeException | Error e) {
        // There is no memory to say so either.
      }
    }

    /** Has what waits behind a callback that takes long go on elsewhere, and names that one. */
    void look(Thread thread, long now) {
      if (now - since > TICK_NANOS && code instanceof Divisible divisible) {
        Divisible rest = divisible.rest();
        if (rest != null) {
          pending.incrementAndGet();
          rescue(new Task(rest));
        }
      }
      if (!warned && now - since > LONG_NANOS) {
        warned = true;
        LOG.warn(
            "a callback has held thread {} for {} s, in {}; have code that blocks run on an"
                + " executor of your own, for instance with thenApplyAsync",
            thread.getName(),
            TimeUnit.NANOSECONDS.toSeconds(now - since),
            place(thread));
      }
    }

    /** Where the thread is in the code of the user. */
    private Object place(Thread thread) {
      StackTraceElement[] stack = thread.getStackTrace();
      for (StackTraceElement frame : stack) {
        String name = frame.getClassName();
        if (!name.startsWith("java.")
            && !name.startsWith("jdk.")
            && !name.startsWith("sun.")
            && !name.startsWith("ai.starcite.internal.")) {
          return frame;
        }
      }
      return stack.length == 0 ? "a thread that has just ended" : stack[0];
    }
  }
}
