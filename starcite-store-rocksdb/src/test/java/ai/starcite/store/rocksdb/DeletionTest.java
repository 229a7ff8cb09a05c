package ai.starcite.store.rocksdb;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.SessionKey;
import ai.starcite.testkit.contract.StoreData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.TableProperties;

/** What a deletion leaves behind. */
class DeletionTest {
  @TempDir private Path directory;

  /** Range deletions slow down every read of every session. */
  @Test
  void sessionsOfFewSegments_leaveNoRangeDeletion() throws RocksDBException {
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      for (int i = 0; i < 20; i++) {
        SessionKey key = StoreData.key("s" + i);
        write(store, key, 1 + i % 3);
        assertThat(await(store.delete(key))).isEqualTo(new DeleteOutcome.Deleted());
      }
    }
    assertThat(sum(false, TableProperties::getNumRangeDeletions)).isZero();
    assertThat(sum(true, TableProperties::getNumEntries)).isZero();
  }

  @Test
  void aSessionOfManySegments_isOneRangeDeletion() throws RocksDBException {
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      SessionKey key = StoreData.key("many");
      write(store, key, 200);
      await(store.delete(key));
    }
    assertThat(sum(false, TableProperties::getNumRangeDeletions)).isOne();
    assertThat(sum(true, TableProperties::getNumEntries)).isZero();
  }

  @Test
  void whatIsWrittenWithTheDeletion_isErasedToo() throws RocksDBException {
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      for (int i = 0; i < 50; i++) {
        SessionKey key = StoreData.key("s", i);
        await(store.create(StoreData.record(key)));
        for (int seq = 1; seq <= 3; seq++) {
          store.append(key, StoreData.segment(seq, 1));
        }
        assertThat(await(store.delete(key))).isEqualTo(new DeleteOutcome.Deleted());
        assertThat(await(store.read(key, 1, 1))).isEqualTo(new ReadOutcome.Gone());
      }
    }
    assertThat(sum(true, TableProperties::getNumEntries)).isZero();
  }

  private static void write(RocksDbSegmentStore store, SessionKey key, int segments) {
    await(store.create(StoreData.record(key)));
    for (int seq = 1; seq <= segments; seq++) {
      await(store.append(key, StoreData.segment(seq, 1)));
    }
  }

  /** Sorts what was written into tables, and adds up a property of those that hold segments. */
  private long sum(boolean compacted, ToLongFunction<TableProperties> property)
      throws RocksDBException {
    try (Tuning tuning = new Tuning(RocksDbOptions.defaults(), compacted, true)) {
      List<ColumnFamilyHandle> families = new ArrayList<>();
      try (RocksDB rocks =
          RocksDB.open(tuning.database(), directory.toString(), tuning.families(), families)) {
        ColumnFamilyHandle segments = families.get(1 + Family.SEGMENTS.ordinal());
        if (compacted) {
          try (CompactRangeOptions all = new CompactRangeOptions()) {
            all.setBottommostLevelCompaction(BottommostLevelCompaction.kForce);
            rocks.compactRange(segments, null, null, all);
          }
        }
        long sum =
            rocks.getPropertiesOfAllTables(segments).values().stream().mapToLong(property).sum();
        families.forEach(ColumnFamilyHandle::close);
        return sum;
      }
    }
  }
}
