package ai.starcite.store.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Compares the log over the RocksDB store with RocksDB itself, set up as carefully as the store
 * sets it up. Events and values have 256 bytes. The two take turns, since disks vary by the minute:
 * what counts is the ratio within a round, and the median of the rounds.
 *
 * <p>Run it on a quiet machine: {@code SpeedComparison [directory [rounds [seconds]]]}.
 */
public final class SpeedComparison {
  private static final int VALUE_BYTES = 256;
  private static final int BATCH_EVENTS = 1_000;
  private static final int ITERATED_EVENTS = 1_000_000;

  private SpeedComparison() {}

  private interface Measurement {
    /** Events a second. */
    double run() throws Exception;
  }

  /** Measures and prints everything. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args.length > 0 ? args[0] : "target/speed");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 4;
    compare(
        "1 blocking writer / put(sync) from 1 thread",
        rounds,
        () -> LogSpeed.blocking(directory, 1, seconds),
        () -> barePuts(directory, 1, seconds));
    compare(
        "64 blocking writers, 1 session / put(sync) from 64 threads",
        rounds,
        () -> LogSpeed.blocking(directory, 64, seconds),
        () -> barePuts(directory, 64, seconds));
    compare(
        "8,000 asynchronous appends in flight / synced batches of 1,000",
        rounds,
        () -> LogSpeed.asynchronous(directory, seconds),
        () -> bareBatches(directory, seconds));
    compare(
        "replay of 1,000,000 events / iteration over 1,000,000 values",
        rounds,
        () -> LogSpeed.replay(directory),
        () -> bareIteration(directory));
    for (int sessions : new int[] {10_000, 100_000, 300_000}) {
      System.out.printf(
          Locale.ROOT,
          "heap after %,d sessions were created and written to: %.1f MiB%n",
          sessions,
          LogSpeed.heapOfSessions(directory, sessions) / 1048576.0);
    }
  }

  private static void compare(String what, int rounds, Measurement log, Measurement bare)
      throws Exception {
    System.out.println(what);
    // Once for the compiler, which is not counted.
    log.run();
    bare.run();
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      double logRate = log.run();
      double bareRate = bare.run();
      ratios[round] = logRate / bareRate;
      System.out.printf(
          Locale.ROOT, "  %,12.0f / %,12.0f = %.2f%n", logRate, bareRate, ratios[round]);
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "  median %.2f (%.2f to %.2f)%n",
        ratios[rounds / 2],
        ratios[0],
        ratios[rounds - 1]);
  }

  /** Puts one event at a time from so many threads, each waiting for its own sync. */
  static double barePuts(Path directory, int threads, int seconds) throws Exception {
    try (Bare bare = new Bare(directory)) {
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      AtomicLong puts = new AtomicLong();
      return perSecond(
          threads,
          thread -> {
            byte[] value = value(thread);
            try (WriteOptions synced = new WriteOptions().setSync(true)) {
              long seq = 0;
              while (System.nanoTime() < end) {
                bare.rocks.put(synced, key(thread, ++seq), value);
              }
              puts.addAndGet(seq);
            }
          },
          puts);
    }
  }

  /** Writes batches of 1,000 events from one thread, each with one sync. */
  static double bareBatches(Path directory, int seconds) throws Exception {
    try (Bare bare = new Bare(directory)) {
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      AtomicLong puts = new AtomicLong();
      return perSecond(
          1,
          thread -> {
            byte[] value = value(thread);
            try (WriteOptions synced = new WriteOptions().setSync(true)) {
              long seq = 0;
              while (System.nanoTime() < end) {
                try (WriteBatch batch = new WriteBatch()) {
                  for (int i = 0; i < BATCH_EVENTS; i++) {
                    batch.put(key(thread, ++seq), value);
                  }
                  bare.rocks.write(synced, batch);
                }
              }
              puts.addAndGet(seq);
            }
          },
          puts);
    }
  }

  /** Walks over a million events, touching each key and value. Takes the best of three rounds. */
  static double bareIteration(Path directory) throws Exception {
    try (Bare bare = new Bare(directory);
        WriteOptions unsynced = new WriteOptions().setDisableWAL(true)) {
      for (long seq = 1; seq <= ITERATED_EVENTS; ) {
        try (WriteBatch batch = new WriteBatch()) {
          for (int i = 0; i < BATCH_EVENTS; i++, seq++) {
            batch.put(key(0, seq), value((int) seq));
          }
          bare.rocks.write(unsynced, batch);
        }
      }
      bare.rocks.compactRange();
      double best = 0;
      for (int round = 0; round < 3; round++) {
        best = Math.max(best, iterate(bare.rocks));
      }
      return best;
    }
  }

  private static double iterate(RocksDB rocks) throws RocksDBException {
    long start = System.nanoTime();
    long count = 0;
    long touched = 0;
    try (ReadOptions options = new ReadOptions();
        RocksIterator iterator = rocks.newIterator(options)) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        touched += iterator.key()[0] + iterator.value()[VALUE_BYTES - 1];
        count++;
      }
      iterator.status();
    }
    if (count != ITERATED_EVENTS || touched == Long.MIN_VALUE) {
      throw new IllegalStateException("saw " + count + " events");
    }
    return count * 1e9 / (System.nanoTime() - start);
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private interface Work {
    void run(int thread) throws Exception;
  }

  private static double perSecond(int threads, Work work, AtomicLong count) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        tasks.add(
            () -> {
              work.run(thread);
              return null;
            });
      }
      for (Future<Void> each : executor.invokeAll(tasks)) {
        each.get();
      }
      return count.get() * 1e9 / (System.nanoTime() - start);
    } finally {
      executor.shutdown();
    }
  }

  private static byte[] key(long thread, long seq) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(thread).putLong(seq).array();
  }

  /** Half random, so that it compresses about as well as JSON does. */
  private static byte[] value(int seed) {
    byte[] value = new byte[VALUE_BYTES];
    byte[] random = new byte[VALUE_BYTES / 2];
    new Random(seed).nextBytes(random);
    System.arraycopy(random, 0, value, 0, random.length);
    return value;
  }

  /** A new RocksDB with one family, set up like the store's segments; gone when closed. */
  private static final class Bare implements AutoCloseable {
    private final Path directory;
    private final Tuning tuning;
    private final org.rocksdb.Options options;
    private final RocksDB rocks;

    Bare(Path parent) throws IOException, RocksDBException {
      directory = parent.resolve("bare");
      delete(directory);
      Files.createDirectories(directory);
      RocksDB.loadLibrary();
      tuning = new Tuning(RocksDbOptions.defaults(), true, true);
      options =
          new org.rocksdb.Options(
              tuning.database(), tuning.families().get(1 + Family.SEGMENTS.ordinal()).getOptions());
      rocks = RocksDB.open(options, directory.toString());
    }

    @Override
    public void close() throws IOException {
      rocks.close();
      options.close();
      tuning.close();
      delete(directory);
    }
  }
}
