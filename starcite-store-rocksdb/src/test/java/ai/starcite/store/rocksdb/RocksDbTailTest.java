package ai.starcite.store.rocksdb;

import ai.starcite.contract.TailCloseContract;
import ai.starcite.contract.TailContract;
import ai.starcite.contract.TailCostContract;
import ai.starcite.contract.TailEndContract;
import ai.starcite.contract.TailFilterContract;
import ai.starcite.contract.TailHandoffContract;
import ai.starcite.contract.TailStartContract;
import ai.starcite.contract.TailWaitContract;
import ai.starcite.spi.SegmentStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The clauses of tails on the RocksDB store. */
class RocksDbTailTest {

  @Nested
  class Delivery extends TailContract {
    @TempDir private Path directory;

    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Starts extends TailStartContract {
    @TempDir private Path directory;

    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Filters extends TailFilterContract {
    @TempDir private Path directory;

    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Waiting extends TailWaitContract {
    @TempDir private Path directory;

    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Closing extends TailCloseContract {
    @TempDir private Path directory;

    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Ends extends TailEndContract {
    @TempDir private Path directory;

    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Handoff extends TailHandoffContract {
    @TempDir private Path directory;

    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  class Cost extends TailCostContract {
    @TempDir private Path directory;

    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }
}
