package ai.starcite.spi;

import java.time.Duration;

/**
 * What a store is capable of.
 *
 * @param durability what survives when an append is acknowledged
 * @param shared whether other processes, or other logs of this one, may write to the same sessions
 * @param maxSegmentBytes the longest segment that the store takes, at least 10 MiB, so that a full
 *     batch fits: else opening a log on it fails. A longer one is {@code Rejected} with {@code
 *     INVALID}
 * @param linger how long the log may wait, once a segment is stored, before it sends the next one
 *     of that session, so that more events share it: for stores that are paid by the request. Zero
 *     for none. A segment is sent at once if none was stored for so long, if a thread waits for it,
 *     if it is full, and when the log closes. The log asks each time: a store may want more while
 *     it has more to do than it can
 */
public record StoreCapabilities(
    Durability durability, boolean shared, int maxSegmentBytes, Duration linger) {

  /**
   * Makes the capabilities of a store that wants each segment at once.
   *
   * @param durability what survives when an append is acknowledged
   * @param shared whether others may write to the same sessions
   * @param maxSegmentBytes the longest segment that the store takes
   */
  public StoreCapabilities(Durability durability, boolean shared, int maxSegmentBytes) {
    this(durability, shared, maxSegmentBytes, Duration.ZERO);
  }

  /** What an acknowledged write survives. */
  public enum Durability {
    /** Nothing: it is gone with the store object. For tests and prototypes. */
    NONE,
    /** The end of the process, but not a crash of the operating system or a power failure. */
    PROCESS,
    /** A crash of the machine: it was synced to a device, or replicated beyond the machine. */
    MACHINE
  }
}
