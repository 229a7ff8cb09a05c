package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;

/**
 * The settings of a {@link RocksDbSegmentStore}, checked.
 *
 * @param blockCacheBytes how much memory RocksDB may use for blocks, indexes, filters and the
 *     segments that wait to be sorted into files
 * @param writeBufferBytes how much of {@code blockCacheBytes} may be segments that wait to be
 *     sorted into files; at most half of it
 * @param readerThreads how many threads read, at most; they end when idle
 */
record RocksDbOptions(long blockCacheBytes, long writeBufferBytes, int readerThreads) {
  private static final long MIB = 1024 * 1024;
  private static final RocksDbOptions DEFAULTS = new RocksDbOptions(64 * MIB, 32 * MIB, 2);

  RocksDbOptions {
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

  static RocksDbOptions defaults() {
    return DEFAULTS;
  }

  /** Up to half of it is for writing. */
  RocksDbOptions withBlockCacheBytes(long bytes) {
    return new RocksDbOptions(bytes, bytes / 2, readerThreads);
  }

  RocksDbOptions withWriteBufferBytes(long bytes) {
    return new RocksDbOptions(blockCacheBytes, bytes, readerThreads);
  }

  RocksDbOptions withReaderThreads(int threads) {
    return new RocksDbOptions(blockCacheBytes, writeBufferBytes, threads);
  }
}
