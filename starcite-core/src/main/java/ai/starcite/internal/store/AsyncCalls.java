package ai.starcite.internal.store;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A store's operations as futures, also where they throw. */
public final class AsyncCalls {
  /** What stands where a segment was to be stored. */
  public enum Presence {
    /** The segment itself. */
    OURS,
    /** Another one. */
    ANOTHER,
    /** None, so far. */
    NONE,
    /** The session is gone. */
    GONE,
    /** The store did not answer. */
    UNKNOWN
  }

  private AsyncCalls() {}

  /**
   * Appends; whatever goes wrong on the way is indefinite.
   *
   * @param blocking whether this thread may be kept until there is an outcome
   */
  public static CompletableFuture<AppendOutcome> append(
      SegmentStore store, SessionKey key, Segment segment, boolean blocking) {
    try {
      return (blocking ? store.appendBlocking(key, segment) : store.append(key, segment))
          .handle(
              (outcome, failure) ->
                  outcome != null ? outcome : new Indefinite(StoreFailures.of(failure)))
          .toCompletableFuture();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.completedFuture(new Indefinite(e));
    }
  }

  /** Reads. */
  public static CompletableFuture<ReadOutcome> read(
      SegmentStore store, SessionKey key, long fromSeq, int maxBytes) {
    try {
      return store.read(key, fromSeq, maxBytes).toCompletableFuture();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Looks whether a segment is stored, by its token. */
  public static CompletableFuture<Presence> verify(
      SegmentStore store, SessionKey key, Segment segment) {
    return read(store, key, segment.firstSeq(), 1)
        .handle((outcome, failure) -> presence(outcome, segment));
  }

  private static Presence presence(@Nullable ReadOutcome read, Segment segment) {
    if (read instanceof ReadOutcome.Segments segments) {
      if (segments.segments().isEmpty()) {
        return Presence.NONE;
      }
      Segment there = segments.segments().get(0);
      if (!there.isIntact()) {
        return Presence.UNKNOWN;
      }
      return there.token().equals(segment.token()) ? Presence.OURS : Presence.ANOTHER;
    }
    return read instanceof ReadOutcome.Gone ? Presence.GONE : Presence.UNKNOWN;
  }
}
