package ai.starcite.benchmarks.replay;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.benchmarks.peers.BareRocksDb;
import ai.starcite.benchmarks.peers.Payload;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Iterates over the payloads of the recording in RocksDB itself, and gets each key and value. */
final class BareIteration implements Workload {
  private final BareRocksDb.Open database;
  private final int events;

  BareIteration(Path directory, int events) throws RocksDBException {
    this.events = events;
    this.database = new BareRocksDb().open(directory);
    IntFunction<Payload> payloads = Recording.payloads();
    try (WriteOptions unsynced = new WriteOptions().setDisableWAL(true)) {
      for (int number = 1; number <= events; ) {
        try (WriteBatch batch = new WriteBatch()) {
          for (int i = 0; i < Recording.BATCH && number <= events; i++, number++) {
            batch.put(BareRocksDb.Open.key(number), payloads.apply(number).bytes());
          }
          database.rocks().write(unsynced, batch);
        }
      }
    }
    database.rocks().compactRange();
  }

  @Override
  public String name() {
    return "iteration, " + BareRocksDb.NAME;
  }

  @Override
  public void measure(Figures figures) throws RocksDBException {
    long start = System.nanoTime();
    long count = 0;
    long touched = 0;
    try (ReadOptions options = new ReadOptions();
        RocksIterator iterator = database.rocks().newIterator(options)) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        touched += iterator.key().length + iterator.value().length;
        count++;
      }
      iterator.status();
    }
    if (count != events || touched == 0) {
      throw new IllegalStateException("saw " + count + " values of " + events);
    }
    figures.add("replay/" + BareRocksDb.NAME + "/rate", count * 1e9 / (System.nanoTime() - start));
  }

  @Override
  public void close() {
    database.close();
  }
}
