package ai.starcite.spi;

/**
 * What a store is capable of.
 *
 * @param durability what survives when an append is acknowledged
 * @param shared whether other processes, or other logs of this one, may write to the same sessions
 * @param maxSegmentBytes the longest segment that the store takes, at least 10 MiB, so that a full
 *     batch fits: else opening a log on it fails. A longer one is {@code Rejected} with {@code
 *     INVALID}
 */
public record StoreCapabilities(Durability durability, boolean shared, int maxSegmentBytes) {

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
