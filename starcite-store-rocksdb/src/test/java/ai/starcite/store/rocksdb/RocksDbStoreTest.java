package ai.starcite.store.rocksdb;

import ai.starcite.spi.SegmentStore;
import ai.starcite.testkit.Namespace;
import ai.starcite.testkit.SessionLogContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

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
      copyOfOneMoment(directory, asTheyAre);
      running.close();
      Directories.copy(asTheyAre, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return openStore(namespace);
  }

  /** Copies again while RocksDB changes files meanwhile: it compacts in the background. */
  private static void copyOfOneMoment(Path from, Path to) throws IOException {
    Map<String, Long> before;
    Map<String, Long> after = Map.of();
    do {
      before = after;
      try {
        Directories.copy(from, to);
        after = sizes(from);
      } catch (NoSuchFileException e) {
        // Deleted while it was to be copied.
        after = Map.of();
      }
    } while (after.isEmpty() || !after.equals(before));
  }

  private static Map<String, Long> sizes(Path directory) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    for (Path file : Directories.files(directory, ".*")) {
      sizes.put(file.getFileName().toString(), Files.size(file));
    }
    return sizes;
  }

  private static Path directory(Namespace namespace) {
    return namespace.directory().resolve("store");
  }
}
