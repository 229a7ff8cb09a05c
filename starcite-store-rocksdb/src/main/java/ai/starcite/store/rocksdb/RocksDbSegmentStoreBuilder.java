package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The settings of a {@link RocksDbSegmentStore}; the defaults suit most programs. Not thread-safe.
 */
public final class RocksDbSegmentStoreBuilder {
  private final Path directory;
  private RocksDbOptions options = RocksDbOptions.defaults();

  RocksDbSegmentStoreBuilder(Path directory) {
    this.directory = Objects.requireNonNull(directory, "directory");
  }

  /**
   * Sets how much memory RocksDB may use for blocks, indexes, filters and the segments that wait to
   * be sorted into files. Up to half of it is for the latter, unless {@link #writeBufferBytes} says
   * otherwise afterwards.
   *
   * @param bytes at least 2 MiB; 64 MiB by default
   * @return this builder
   * @throws SessionLogException {@code INVALID} if it is out of its range
   */
  public RocksDbSegmentStoreBuilder blockCacheBytes(long bytes) {
    options = options.withBlockCacheBytes(bytes);
    return this;
  }

  /**
   * Sets how much of the block cache may be segments that wait to be sorted into files.
   *
   * @param bytes at least 1 MiB, at most half of the block cache; 32 MiB by default
   * @return this builder
   * @throws SessionLogException {@code INVALID} if it is out of its range
   */
  public RocksDbSegmentStoreBuilder writeBufferBytes(long bytes) {
    options = options.withWriteBufferBytes(bytes);
    return this;
  }

  /**
   * Sets how many threads read, at most; they end when idle.
   *
   * @param threads at least 1; 2 by default
   * @return this builder
   * @throws SessionLogException {@code INVALID} if it is out of its range
   */
  public RocksDbSegmentStoreBuilder readerThreads(int threads) {
    options = options.withReaderThreads(threads);
    return this;
  }

  /**
   * Opens the store. Creates the directory, parents included, if it is not there.
   *
   * @return the open store
   * @throws SessionLogException as {@link RocksDbSegmentStore#open(Path)}
   */
  public RocksDbSegmentStore open() {
    return RocksDbSegmentStore.open(directory, options);
  }
}
