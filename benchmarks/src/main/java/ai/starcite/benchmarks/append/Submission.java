package ai.starcite.benchmarks.append;

import ai.starcite.SessionLog;
import ai.starcite.benchmarks.peers.Contender;
import ai.starcite.benchmarks.peers.Entry;
import ai.starcite.benchmarks.peers.Starcite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Takes events from one thread that does not wait for them, unless too many are under way. */
interface Submission extends AutoCloseable {

  /** Takes an event, and says when it is durable. */
  void submit(Entry entry, Runnable done) throws Exception;

  /** Waits for all of them. */
  void finish() throws Exception;

  @Override
  default void close() throws Exception {}

  /** To the log, which has a method for that. */
  final class ToLog implements Submission {
    private final SessionLog log;
    private final int most;
    private final Semaphore free;
    private final AtomicReference<Throwable> failed = new AtomicReference<>();

    ToLog(SessionLog log, int most) {
      this.log = log;
      this.most = most;
      this.free = new Semaphore(most);
    }

    @Override
    public void submit(Entry entry, Runnable done) throws InterruptedException {
      free.acquire();
      log.appendAsync(entry.session(), Starcite.event(entry))
          .whenComplete(
              (result, failure) -> {
                if (failure != null) {
                  failed.set(failure);
                }
                done.run();
                free.release();
              });
    }

    @Override
    public void finish() throws InterruptedException {
      free.acquire(most);
      if (failed.get() != null) {
        throw new IllegalStateException("an append failed", failed.get());
      }
    }
  }

  /** To threads that write all that waits, up to a thousand events, with one sync. */
  final class ToWriters implements Submission {
    private static final int BATCH = 1_000;

    private final BlockingQueue<Waiting> queue;
    private final ExecutorService threads;
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean over;

    private record Waiting(Entry entry, Runnable done) {}

    ToWriters(Contender.Store store, int writers, int most) {
      queue = new LinkedBlockingQueue<>(most);
      threads = Executors.newFixedThreadPool(writers);
      for (int i = 0; i < writers; i++) {
        running.add(
            threads.submit(
                () -> {
                  drain(store);
                  return null;
                }));
      }
    }

    private void drain(Contender.Store store) throws Exception {
      try (Contender.Writer writer = store.writer()) {
        while (true) {
          Waiting first = queue.poll(1, TimeUnit.MILLISECONDS);
          if (first == null && over) {
            return;
          }
          if (first != null) {
            List<Waiting> batch = new ArrayList<>(List.of(first));
            queue.drainTo(batch, BATCH - 1);
            writer.appendAll(batch.stream().map(Waiting::entry).toList());
            batch.forEach(each -> each.done().run());
          }
        }
      }
    }

    @Override
    public void submit(Entry entry, Runnable done) throws InterruptedException {
      Waiting waiting = new Waiting(entry, done);
      while (!queue.offer(waiting, 1, TimeUnit.SECONDS)) {
        if (running.stream().allMatch(Future::isDone)) {
          throw new IllegalStateException("all writers have failed");
        }
      }
    }

    @Override
    public void finish() throws Exception {
      over = true;
      for (Future<?> each : running) {
        each.get();
      }
    }

    @Override
    public void close() {
      over = true;
      threads.shutdown();
    }
  }
}
