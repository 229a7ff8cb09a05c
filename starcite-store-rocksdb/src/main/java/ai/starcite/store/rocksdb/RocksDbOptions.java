package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;

/**
 * The few settings of a {@link RocksDbSegmentStore}; {@link #defaults()} suits most programs.
 * Immutable.
 *
 * @param blockCacheBytes how much memory RocksDB may use for blocks, indexes, filters and the
 *     segments that wait to be sorted into files
 * @param writeBufferBytes how much of {@code blockCacheBytes} may be segments that wait to be
 *     sorted into files; at most half of it
 * @param readerThreads how many threads read, at most; they end when idle
 */
public record RocksDbOptions(long blockCacheBytes, long writeBufferBytes, int readerThreads) {
  private static final long MIB = 1024 * 1024;
  private static final RocksDbOptions DEFAULTS = new RocksDbOptions(64 * MIB, 32 * MIB, 2);

  /**
   * Checks the settings.
   *
   * @throws SessionLogException {@code INVALID} if one is out of its range
   */
  public RocksDbOptions {
    if (blockCacheBytes < 2 * MIB) {
      throw new SessionLogException(
          Code.INVALID,
          "blockCacheBytes must be at least " + 2 * MIB + ", but is " + blockCacheBytes);
    }
    if (writeBufferBytes < MIB || writeBufferBytes > blockCacheBytes / 2) {
      throw new SessionLogException(
          Code.INVALID,
          ("writeBufferBytes must be at least %d and at most half of blockCacheBytes (%d),"
                  + " but is %d")
              .formatted(MIB, blockCacheBytes, writeBufferBytes));
    }
    if (readerThreads < 1) {
      throw new SessionLogException(
          Code.INVALID, "readerThreads must be at least 1, but is " + readerThreads);
    }
  }

  /**
   * Returns the settings that are used unless others are given: 64 MiB of memory, up to half of it
   * for writing, and two readers.
   *
   * @return the defaults
   */
  public static RocksDbOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Changes how much memory RocksDB may use. Up to half of it is for writing.
   *
   * @param bytes at least 2 MiB
   * @return a copy with this setting, and {@code writeBufferBytes} of half of it
   * @throws SessionLogException {@code INVALID} if it is out of its range
   */
  public RocksDbOptions withBlockCacheBytes(long bytes) {
    return new RocksDbOptions(bytes, bytes / 2, readerThreads);
  }

  /**
   * Changes how much of the memory is for writing.
   *
   * @param bytes at least 1 MiB, at most half of {@code blockCacheBytes}
   * @return a copy with this setting
   * @throws SessionLogException {@code INVALID} if it is out of its range
   */
  public RocksDbOptions withWriteBufferBytes(long bytes) {
    return new RocksDbOptions(blockCacheBytes, bytes, readerThreads);
  }

  /**
   * Changes how many threads read.
   *
   * @param threads at least 1
   * @return a copy with this setting
   * @throws SessionLogException {@code INVALID} if it is out of its range
   */
  public RocksDbOptions withReaderThreads(int threads) {
    return new RocksDbOptions(blockCacheBytes, writeBufferBytes, threads);
  }
}
