package ai.starcite.testkit.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs several processes on one thread, in virtual time: everything that happens is a step, and a
 * seed decides which of the possible steps is next. So a seed is a whole run, which is the same
 * whenever and wherever it is repeated; {@link #trace} tells two runs apart.
 *
 * <pre>{@code
 * Simulation simulation = new Simulation(seed);
 * SegmentStore store = MemorySegmentStore.openShared();
 * for (int i = 0; i < 3; i++) {
 *   SimulatedProcess process = simulation.startProcess("p" + i);
 *   SessionLog log = process.open(SessionLog.builder(process.reach(store)));
 *   process.run(() -> log.append("s", event), () -> log.append("s", another));
 * }
 * simulation.run();
 * }</pre>
 *
 * <p>A call that blocks takes steps of others while it waits. It continues when what it waits for
 * has come and the steps inside which it waits are over, as on a slow machine.
 *
 * <p>Not thread-safe: one thread does all of it.
 */
public final class Simulation {
  /** A run that takes more steps than this goes round in circles. */
  private static final long MOST_STEPS = 5_000_000;

  private static final int KEPT_LINES = 200;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final long seed;
  private final Random random;
  private final PriorityQueue<Step> later =
      new PriorityQueue<>(
          Comparator.<Step>comparingLong(step -> step.dueNanos)
              .thenComparingLong(step -> step.number));
  private final List<Step> ready = new ArrayList<>();
  private final Queue<String> lastLines = new ArrayDeque<>();
  private long now;
  private long steps;
  private long scheduled;
  private long trace = 1125899906842597L;

  /** Something that will happen. */
  static final class Step {
    private final long number;
    private final long dueNanos;
    private final String what;
    private final @Nullable SimulatedProcess owner;
    private final Runnable action;
    private boolean cancelled;

    private Step(
        long number,
        long dueNanos,
        String what,
        @Nullable SimulatedProcess owner,
        Runnable action) {
      this.number = number;
      this.dueNanos = dueNanos;
      this.what = what;
      this.owner = owner;
      this.action = action;
    }

    /** Makes it not happen; false if it has happened already. */
    boolean cancel() {
      boolean was = cancelled;
      cancelled = true;
      return !was;
    }
  }

  /**
   * Makes a simulation that has not begun.
   *
   * @param seed decides everything
   */
  public Simulation(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /**
   * Starts a process: something that has a log, may be paused, and may die.
   *
   * @param name what the trace calls it
   * @return the process
   */
  public SimulatedProcess startProcess(String name) {
    return new SimulatedProcess(this, name);
  }

  /**
   * Returns the source of the randomness of this run.
   *
   * @return the same generator every time
   */
  public RandomGenerator random() {
    return random;
  }

  /**
   * Returns the time that has passed.
   *
   * @return nanoseconds since the simulation began
   */
  public long elapsedNanos() {
    return now;
  }

  /**
   * Returns the time of day.
   *
   * @return an instant that moves with the simulation
   */
  public Instant instant() {
    return START.plusNanos(now);
  }

  /** Takes steps until there are none left. */
  public void run() {
    while (step()) {
      // There was one.
    }
  }

  /**
   * Notes something that a test has seen, and makes it part of the trace.
   *
   * @param line what was seen
   */
  public void note(String line) {
    String timed = now + " " + line;
    for (int i = 0; i < timed.length(); i++) {
      trace = 31 * trace + timed.charAt(i);
    }
    lastLines.add(timed);
    if (lastLines.size() > KEPT_LINES) {
      lastLines.remove();
    }
  }

  /**
   * Returns what happened so far as a number: a hash over the order, the times and the names of all
   * steps, and over all notes.
   *
   * @return the same for the same run
   */
  public long trace() {
    return trace;
  }

  /**
   * Returns the last part of what happened, for a person to read.
   *
   * @return the seed, and the last steps and notes with their times in nanoseconds
   */
  public String story() {
    return "seed " + seed + ", last steps:\n" + String.join("\n", lastLines);
  }

  /**
   * Schedules something that belongs to no process, such as what a network or a store does: it
   * happens whichever process is paused or dead.
   *
   * @param what what the trace calls it
   * @param delay how long from now
   * @param action what happens, in one step; what it throws ends the run
   */
  public void later(String what, Duration delay, Runnable action) {
    schedule(what, null, delay.toNanos(), action);
  }

  /** Schedules a step. */
  Step schedule(String what, @Nullable SimulatedProcess owner, long delayNanos, Runnable action) {
    long due = delayNanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + Math.max(0, delayNanos);
    Step step = new Step(scheduled++, due, what, owner, action);
    later.add(step);
    return step;
  }

  /** A delay as a network or a disk has it: mostly short, now and then long. */
  long delay() {
    long scale = random.nextInt(50) == 0 ? 200_000_000L : 2_000_000L;
    return (long) (random.nextDouble() * scale);
  }

  /** Takes one step; false if there is none. */
  boolean step() {
    return stepBefore(Long.MAX_VALUE);
  }

  /** Takes one step that is due by then, or moves to that time; false if nothing can happen. */
  boolean stepBefore(long deadline) {
    while (true) {
      while (!later.isEmpty() && later.peek().dueNanos <= now) {
        ready.add(later.remove());
      }
      ready.removeIf(step -> step.cancelled || (step.owner != null && step.owner.isDead()));
      List<Step> possible = ready;
      if (ready.stream().anyMatch(step -> step.owner != null && step.owner.isPaused())) {
        possible =
            new ArrayList<>(
                ready.stream()
                    .filter(step -> step.owner == null || !step.owner.isPaused())
                    .toList());
      }
      if (!possible.isEmpty()) {
        take(possible.get(random.nextInt(possible.size())));
        return true;
      }
      long next = later.isEmpty() ? Long.MAX_VALUE : later.peek().dueNanos;
      for (Step waiting : ready) {
        next = Math.min(next, Objects.requireNonNull(waiting.owner).pausedUntilNanos());
      }
      if (Math.min(next, deadline) == Long.MAX_VALUE) {
        return false;
      }
      now = Math.max(now, Math.min(next, deadline));
      if (next > deadline) {
        return true;
      }
    }
  }

  private void take(Step step) {
    ready.remove(step);
    if (++steps > MOST_STEPS) {
      throw new AssertionError("no end after " + MOST_STEPS + " steps; " + story());
    }
    note(step.what);
    step.action.run();
  }

  /** A readable duration for notes. */
  static String millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis() + " ms";
  }
}
