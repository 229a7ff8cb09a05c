package ai.starcite.store.rocksdb;

import ai.starcite.contract.BadInputContract;
import ai.starcite.contract.CloseContract;
import ai.starcite.contract.CloseRaceContract;
import ai.starcite.contract.CorruptionContract;
import ai.starcite.contract.ErrorContract;
import ai.starcite.contract.EventContract;
import ai.starcite.contract.EventLimitsContract;
import ai.starcite.contract.InterruptContract;
import ai.starcite.contract.NullArgumentContract;
import ai.starcite.contract.PayloadContract;
import ai.starcite.contract.SessionCreateContract;
import ai.starcite.contract.SessionDeleteContract;
import ai.starcite.contract.SessionIdContract;
import ai.starcite.contract.SessionListContract;
import ai.starcite.contract.SessionSealContract;
import ai.starcite.contract.SessionUpdateContract;
import ai.starcite.contract.VocabularyContract;
import ai.starcite.spi.SegmentStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The clauses SES, EVT and ERR on RocksDB. */
final class RocksDbSessionsAndEventsTest {
  @TempDir Path directory;

  @Nested
  final class Creating extends SessionCreateContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Ids extends SessionIdContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Updating extends SessionUpdateContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Listing extends SessionListContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Deleting extends SessionDeleteContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Sealing extends SessionSealContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Events extends EventContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Payloads extends PayloadContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Vocabulary extends VocabularyContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class EventLimits extends EventLimitsContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Errors extends ErrorContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Closing extends CloseContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class CloseRaces extends CloseRaceContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Corruption extends CorruptionContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class BadInput extends BadInputContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class NullArguments extends NullArgumentContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }

  @Nested
  final class Interrupts extends InterruptContract {
    @Override
    protected SegmentStore openStore() {
      return RocksDbSegmentStore.open(directory);
    }
  }
}
