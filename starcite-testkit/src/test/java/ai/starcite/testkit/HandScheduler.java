package ai.starcite.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs what is scheduled when the test says so, on the thread of the test. */
final class HandScheduler extends ScheduledThreadPoolExecutor {
  private record Task(Runnable task, long delay) {}

  private final List<Task> tasks = new ArrayList<>();

  HandScheduler() {
    super(1);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    tasks.add(new Task(task, unit.toNanos(delay)));
    return null;
  }

  int waiting() {
    return tasks.size();
  }

  /** Runs all that waits, however long it was to wait. */
  void runAll() {
    run(Long.MAX_VALUE);
  }

  /** Runs what was not to wait. */
  void runDue() {
    run(0);
  }

  private void run(long longestDelay) {
    List<Task> due = tasks.stream().filter(task -> task.delay <= longestDelay).toList();
    tasks.removeAll(due);
    due.forEach(task -> task.task.run());
  }
}
