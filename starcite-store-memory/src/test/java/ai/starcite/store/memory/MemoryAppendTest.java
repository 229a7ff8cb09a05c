package ai.starcite.store.memory;

import ai.starcite.contract.AppendContract;
import ai.starcite.contract.AppendRaceContract;
import ai.starcite.contract.BatchContract;
import ai.starcite.contract.ConcurrentAppendContract;
import ai.starcite.contract.OldRetryContract;
import ai.starcite.contract.ProducerContract;
import ai.starcite.contract.RetryContract;
import ai.starcite.spi.SegmentStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/** Appending to the memory store. */
class MemoryAppendTest {

  /** A store of one log. */
  @Nested
  @DisplayName("a private memory store")
  class Private {
    private final MemorySegmentStore store = MemorySegmentStore.open();

    @Nested
    class Appends extends AppendContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Retries extends RetryContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class OldRetries extends OldRetryContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Batches extends BatchContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Producers extends ProducerContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Concurrency extends ConcurrentAppendContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Races extends AppendRaceContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }
  }

  /** A store that other logs may write to. */
  @Nested
  @DisplayName("a shared memory store")
  class Shared {
    private final MemorySegmentStore store = MemorySegmentStore.openShared();

    @Nested
    class Appends extends AppendContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Retries extends RetryContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class OldRetries extends OldRetryContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Batches extends BatchContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Producers extends ProducerContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Concurrency extends ConcurrentAppendContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }

    @Nested
    class Races extends AppendRaceContract {
      @Override
      protected SegmentStore openStore() {
        return store;
      }

      @Override
      protected boolean closesStore() {
        return false;
      }
    }
  }
}
