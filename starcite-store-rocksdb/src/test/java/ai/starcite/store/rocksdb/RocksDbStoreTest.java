package ai.starcite.store.rocksdb;

import ai.starcite.spi.SegmentStore;
import ai.starcite.testkit.Namespace;
import ai.starcite.testkit.SessionLogContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The RocksDB store keeps the contract. */
class RocksDbStoreTest extends SessionLogContract {
  @Override
  protected SegmentStore openStore(Namespace namespace) {
    return RocksDbSegmentStore.open(directory(namespace));
  }

  /** Goes on with the files as the running store has them, since it holds their lock. */
  @Override
  protected SegmentStore crash(SegmentStore running, Namespace namespace) {
    Path directory = directory(namespace);
    Path asTheyAre = directory.resolveSibling("crashed");
    try {
      Directories.copy(directory, asTheyAre);
      running.close();
      Directories.copy(asTheyAre, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return openStore(namespace);
  }

  private static Path directory(Namespace namespace) {
    return namespace.directory().resolve("store");
  }
}
