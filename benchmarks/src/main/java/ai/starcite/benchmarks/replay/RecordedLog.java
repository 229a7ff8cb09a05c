package ai.starcite.benchmarks.replay;

import ai.starcite.SessionLog;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.nio.file.Path;

/**
 * The recording in a log over RocksDB.
 *
 * @param log the log
 * @param store below it
 * @param events how many there are
 */
record RecordedLog(SessionLog log, RocksDbSegmentStore store, int events) implements AutoCloseable {

  static RecordedLog open(Path directory, int events) {
    RocksDbSegmentStore store = RocksDbSegmentStore.open(directory);
    return new RecordedLog(SessionLog.open(store), store, events);
  }

  @Override
  public void close() {
    log.close();
  }
}
