package ai.starcite.store.memory;

import ai.starcite.contract.TailCloseContract;
import ai.starcite.contract.TailContract;
import ai.starcite.contract.TailCostContract;
import ai.starcite.contract.TailEndContract;
import ai.starcite.contract.TailFilterContract;
import ai.starcite.contract.TailHandoffContract;
import ai.starcite.contract.TailStartContract;
import ai.starcite.contract.TailWaitContract;
import ai.starcite.spi.SegmentStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/** The clauses of tails on the memory store. */
class MemoryTailTest {

  @Nested
  @DisplayName("a store of one log")
  class PrivateStore extends Clauses {
    @Override
    SegmentStore newStore() {
      return MemorySegmentStore.open();
    }
  }

  @Nested
  @DisplayName("a store that logs share")
  class SharedStore extends Clauses {
    @Override
    SegmentStore newStore() {
      return MemorySegmentStore.openShared();
    }
  }

  /** All of them, on stores of one kind, which stay open while a test restarts its log. */
  abstract static class Clauses {
    abstract SegmentStore newStore();

    @Nested
    class Delivery extends TailContract {
      private final SegmentStore store = newStore();

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
    class Starts extends TailStartContract {
      private final SegmentStore store = newStore();

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
    class Filters extends TailFilterContract {
      private final SegmentStore store = newStore();

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
    class Waiting extends TailWaitContract {
      private final SegmentStore store = newStore();

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
    class Closing extends TailCloseContract {
      private final SegmentStore store = newStore();

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
    class Ends extends TailEndContract {
      private final SegmentStore store = newStore();

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
    class Handoff extends TailHandoffContract {
      private final SegmentStore store = newStore();

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
    class Cost extends TailCostContract {
      private final SegmentStore store = newStore();

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
