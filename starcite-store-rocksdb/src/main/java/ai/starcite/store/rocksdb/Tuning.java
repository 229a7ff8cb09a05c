package ai.starcite.store.rocksdb;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.Filter;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/**
 * How RocksDB is set up: bounded memory, and nothing that could lose an event silently. Owns the
 * native objects behind that, which must outlive the database.
 */
final class Tuning implements AutoCloseable {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final int BLOOM_BITS = 10;

  /** So many tables that are not sorted stop writes. */
  static final int MOST_LEVEL_0_FILES = 36;

  /** From so many tables on, the newest ones are to be sorted. */
  static final int FILES_TO_SORT = 4;

  private static final int MOST_RANGE_DELETIONS = 1000;

  /** So many entries in a row, half of which are deletions, are worth a compaction. */
  private static final long DELETIONS_WINDOW = 2048;

  /** The share of a write buffer that tells whose segments are in it. */
  private static final double MEMTABLE_BLOOM = 0.02;

  private final Cache cache;
  private final WriteBufferManager buffers;
  private final Filter bloom = new BloomFilter(BLOOM_BITS);
  private final DBOptions database;
  private final List<ColumnFamilyOptions> families = new ArrayList<>();

  /** Marks tables that are mostly deletions, which scans must step over, for compaction. */
  private final TablePropertiesCollectorFactory deletions =
      TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
          DELETIONS_WINDOW, DELETIONS_WINDOW / 2, 0);

  /**
   * Makes the settings.
   *
   * @param compacting false to leave the files as they are, where compaction met a damaged one
   * @param mayCreate false if the database must be there
   */
  Tuning(RocksDbOptions options, boolean compacting, boolean mayCreate) {
    cache = new LRUCache(options.blockCacheBytes());
    // Charged to the cache: one bound for all of it.
    buffers = new WriteBufferManager(options.writeBufferBytes(), cache);
    database = databaseOptions(mayCreate);
    families.add(familyOptions(options, compacting, tables(4 * KIB)));
    for (Family family : Family.values()) {
      families.add(
          family == Family.SEGMENTS
              ? segmentsOptions(options, compacting)
              : familyOptions(options, compacting, tables(4 * KIB)));
    }
  }

  private DBOptions databaseOptions(boolean mayCreate) {
    return new DBOptions()
        .setCreateIfMissing(mayCreate)
        .setCreateMissingColumnFamilies(mayCreate)
        .setParanoidChecks(true)
        // LogFiles has seen to it that every record is complete: any complaint is about damage.
        .setWalRecoveryMode(WALRecoveryMode.AbsoluteConsistency)
        // A recycled file ends in old records, which cannot be told from damaged new ones.
        .setRecycleLogFileNum(0)
        // What is recovered is written and synced again. So what reached the page cache before the
        // process died, but not the disk, is durable before it is answered for.
        .setAvoidFlushDuringRecovery(false)
        .setMaxTotalWalSize(64 * MIB)
        .setWriteBufferManager(buffers)
        .setMaxOpenFiles(512)
        .setMaxBackgroundJobs(2)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(2)
        .setMaxLogFileSize(MIB)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  /**
   * Segments are looked for by session: tables in which a session has none are passed over, and so
   * is what else they hold, and what is damaged there. See {@link SegmentCursor}.
   */
  private ColumnFamilyOptions segmentsOptions(RocksDbOptions options, boolean compacting) {
    return familyOptions(options, compacting, tables(16 * KIB).setWholeKeyFiltering(false))
        .useFixedLengthPrefixExtractor(Keys.INCARNATION_BYTES)
        .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM);
  }

  /**
   * Index and filter are in pieces, which are cached one by one. That of a table as a whole may be
   * larger than one of the cache's shards, and would be read anew each time.
   */
  private BlockBasedTableConfig tables(long blockBytes) {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setCacheIndexAndFilterBlocks(true)
        .setIndexType(IndexType.kTwoLevelIndexSearch)
        .setPartitionFilters(true)
        .setMetadataBlockSize(4 * KIB)
        .setPinTopLevelIndexAndFilter(true)
        .setPinL0FilterAndIndexBlocksInCache(true)
        .setBlockSize(blockBytes)
        .setFilterPolicy(bloom)
        .setOptimizeFiltersForMemory(true);
  }

  private ColumnFamilyOptions familyOptions(
      RocksDbOptions options, boolean compacting, BlockBasedTableConfig tables) {
    return withCollector()
        .setWriteBufferSize(options.writeBufferBytes())
        // They slow down every read until they are sorted into tables.
        .setMemtableMaxRangeDeletions(MOST_RANGE_DELETIONS)
        // To slow writes down would be to stop them: see Database.write.
        .setLevel0FileNumCompactionTrigger(FILES_TO_SORT)
        .setLevel0SlowdownWritesTrigger(MOST_LEVEL_0_FILES)
        .setLevel0StopWritesTrigger(MOST_LEVEL_0_FILES)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setLevelCompactionDynamicLevelBytes(true)
        .setDisableAutoCompactions(!compacting)
        .setTableFormatConfig(tables);
  }

  /** The collector can be set in options for all only, and copied from there. */
  private ColumnFamilyOptions withCollector() {
    try (Options all = new Options()) {
      all.setTablePropertiesCollectorFactory(List.of(deletions));
      return new ColumnFamilyOptions(all);
    }
  }

  DBOptions database() {
    return database;
  }

  /** RocksDB's default family, which stays empty, then those of {@link Family} in their order. */
  List<ColumnFamilyDescriptor> families() {
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, families.get(0)));
    for (Family family : Family.values()) {
      descriptors.add(
          new ColumnFamilyDescriptor(family.title(), families.get(1 + family.ordinal())));
    }
    return descriptors;
  }

  @Override
  public void close() {
    families.forEach(ColumnFamilyOptions::close);
    deletions.close();
    database.close();
    bloom.close();
    buffers.close();
    cache.close();
  }
}
