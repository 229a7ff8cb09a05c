package ai.starcite;

import ai.starcite.internal.ProducerLog;
import ai.starcite.internal.ProducerLog.Pending;
import ai.starcite.internal.segment.Content;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous append of a producer: it waits for its turn, is on its way, or has ended. Guarded
 * by its lane.
 */
final class ProducerAppend implements ProducerQueue.Waiting {
  final List<Content> contents;
  final AppendOptions options;

  /** When it is over, as the log tells the time. */
  final long deadline;

  final Pending<?> pending;
  final long bytes;

  /** What is sent, once it has its turn. */
  ProducerNumbers.@Nullable Attempt attempt;

  /** Whether it is stored. */
  boolean isStored;

  /** What its caller is told, if it has failed. */
  @Nullable SessionLogException failure;

  /** Whether its caller has withdrawn it while it was about to be sent. */
  boolean isWithdrawn;

  ProducerAppend(List<Content> contents, AppendOptions options, long deadline, Pending<?> pending) {
    this.contents = contents;
    this.options = options;
    this.deadline = deadline;
    this.pending = pending;
    long size = 0;
    for (Content content : contents) {
      size += content.event().size();
    }
    this.bytes = size;
  }

  /** Returns the options that it is sent with now: the time-out is what is left of its own. */
  AppendOptions inTime(ProducerLog log) {
    return options.withTimeout(Duration.ofNanos(Math.max(1, deadline - log.nanoTime())));
  }

  /** Whether it has ended, as far as the log is concerned. */
  boolean hasEnded() {
    return isStored || failure != null;
  }
}
