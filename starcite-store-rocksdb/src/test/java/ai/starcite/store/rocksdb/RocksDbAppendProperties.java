package ai.starcite.store.rocksdb;

import ai.starcite.contract.AppendProperties;
import ai.starcite.contract.AppendScript.Step;
import ai.starcite.spi.SegmentStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Appending to the RocksDB store, as the model does. */
class RocksDbAppendProperties extends AppendProperties {
  private final Path directory;

  RocksDbAppendProperties() {
    try {
      directory = Files.createTempDirectory(Path.of("target"), "append-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  @Label("APP-3 to APP-6: every sequence of calls has the results that the contract says")
  void asTheModel(@ForAll("scripts") List<Step> script) {
    check(script);
  }

  @Override
  protected SegmentStore openStore() {
    return RocksDbSegmentStore.open(directory);
  }

  @Override
  protected boolean closesStore() {
    return true;
  }
}
