package ai.starcite.benchmarks.peers;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * RocksDB itself, set up as the store of the log sets it up: the same cache, buffers, compression
 * and blocks. It stores payloads by number and does nothing else: no dedupe, no order, no check.
 */
public final class BareRocksDb implements Contender {
  /** Its name in tables and charts. */
  public static final String NAME = "bare RocksDB";

  private static final long MIB = 1 << 20;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Open open(Path directory) throws RocksDBException {
    return new Open(directory);
  }

  /** A database that is open. */
  public static final class Open implements Store {
    private final Cache cache = new LRUCache(64 * MIB);
    private final WriteBufferManager buffers = new WriteBufferManager(32 * MIB, cache);
    private final BloomFilter bloom = new BloomFilter(10);
    private final Options options;
    private final RocksDB rocks;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final AtomicLong seq = new AtomicLong();

    private Open(Path directory) throws RocksDBException {
      RocksDB.loadLibrary();
      options =
          new Options()
              .setCreateIfMissing(true)
              .setWriteBufferSize(32 * MIB)
              .setWriteBufferManager(buffers)
              .setMaxTotalWalSize(64 * MIB)
              .setMaxBackgroundJobs(2)
              .setMaxOpenFiles(512)
              .setLevel0SlowdownWritesTrigger(36)
              .setLevel0StopWritesTrigger(36)
              .setCompressionType(CompressionType.LZ4_COMPRESSION)
              .setLevelCompactionDynamicLevelBytes(true)
              .setTableFormatConfig(
                  new BlockBasedTableConfig()
                      .setBlockCache(cache)
                      .setCacheIndexAndFilterBlocks(true)
                      .setIndexType(IndexType.kTwoLevelIndexSearch)
                      .setPartitionFilters(true)
                      .setMetadataBlockSize(4 << 10)
                      .setPinTopLevelIndexAndFilter(true)
                      .setPinL0FilterAndIndexBlocksInCache(true)
                      .setBlockSize(16 << 10)
                      .setFilterPolicy(bloom));
      rocks = RocksDB.open(options, directory.toString());
    }

    /** The database. */
    public RocksDB rocks() {
      return rocks;
    }

    /** The key of a number. */
    public static byte[] key(long number) {
      return ByteBuffer.allocate(16).putLong(0).putLong(number).array();
    }

    @Override
    public Writer writer() {
      return new Writer() {
        @Override
        public void append(Entry entry) throws RocksDBException {
          rocks.put(synced, key(seq.incrementAndGet()), entry.payload().bytes());
        }

        @Override
        public void appendAll(List<Entry> entries) throws RocksDBException {
          try (WriteBatch batch = new WriteBatch()) {
            for (Entry entry : entries) {
              batch.put(key(seq.incrementAndGet()), entry.payload().bytes());
            }
            rocks.write(synced, batch);
          }
        }
      };
    }

    @Override
    public void close() {
      synced.close();
      rocks.close();
      options.close();
      bloom.close();
      buffers.close();
      cache.close();
    }
  }
}
