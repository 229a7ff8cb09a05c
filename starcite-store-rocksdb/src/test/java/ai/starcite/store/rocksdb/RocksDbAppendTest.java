package ai.starcite.store.rocksdb;

import ai.starcite.contract.AppendContract;
import ai.starcite.contract.AppendRaceContract;
import ai.starcite.contract.BatchContract;
import ai.starcite.contract.ConcurrentAppendContract;
import ai.starcite.contract.OldRetryContract;
import ai.starcite.contract.ProducerContract;
import ai.starcite.contract.RetryContract;
import ai.starcite.spi.SegmentStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Appending to the RocksDB store. */
class RocksDbAppendTest {
  @TempDir Path directory;

  @Nested
  class Appends extends AppendContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Retries extends RetryContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class OldRetries extends OldRetryContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Batches extends BatchContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Producers extends ProducerContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Concurrency extends ConcurrentAppendContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Races extends AppendRaceContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }
}
