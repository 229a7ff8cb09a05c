package ai.starcite.benchmarks.replay;

import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Latencies;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.benchmarks.peers.Contender;
import ai.starcite.benchmarks.peers.Entry;
import ai.starcite.benchmarks.peers.Payload;
import ai.starcite.benchmarks.peers.Sqlite;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/** Selects all of the recording from SQLite in order, and from random places one event each. */
final class SqliteSelect implements Workload {
  private final Sqlite.Open database;
  private final PreparedStatement select;
  private final int events;
  private final Random random = new Random(1);

  SqliteSelect(Path directory, int events) throws Exception {
    this.events = events;
    this.database = new Sqlite().open(directory);
    IntFunction<Payload> payloads = Recording.payloads();
    try (Contender.Writer writer = database.writer()) {
      List<Entry> batch = new ArrayList<>();
      for (int i = 1; i <= events; i++) {
        batch.add(new Entry(Recording.SESSION, Recording.PRODUCER, i, payloads.apply(i)));
        if (batch.size() == Recording.BATCH || i == events) {
          writer.appendAll(batch);
          batch.clear();
        }
      }
    }
    select =
        database
            .connection()
            .prepareStatement(
                "SELECT seq, producer_id, producer_seq, event FROM events"
                    + " WHERE session = ? AND seq > ? ORDER BY seq");
  }

  @Override
  public String name() {
    return "select, " + Sqlite.NAME;
  }

  @Override
  public void measure(Figures figures) throws SQLException {
    long start = System.nanoTime();
    long count = read(0, Integer.MAX_VALUE);
    if (count != events) {
      throw new IllegalStateException("saw " + count + " rows of " + events);
    }
    figures.add("replay/" + Sqlite.NAME + "/rate", count * 1e9 / (System.nanoTime() - start));
    Latencies latencies = new Latencies();
    for (int i = 0; i < Resume.TIMES; i++) {
      long before = System.nanoTime();
      read(random.nextInt(events), 1);
      latencies.add(System.nanoTime() - before);
    }
    figures.add("resume/" + Sqlite.NAME + "/p50", latencies.percentileMicros(50));
    figures.add("resume/" + Sqlite.NAME + "/p99", latencies.percentileMicros(99));
  }

  private long read(long after, int most) throws SQLException {
    select.setString(1, Recording.SESSION);
    select.setLong(2, after);
    long count = 0;
    long touched = 0;
    try (ResultSet rows = select.executeQuery()) {
      while (count < most && rows.next()) {
        touched += rows.getLong(1) + rows.getString(2).length();
        touched += rows.getLong(3) + rows.getString(4).length();
        count++;
      }
    }
    if (touched == 0) {
      throw new IllegalStateException("read nothing after " + after);
    }
    return count;
  }

  @Override
  public void close() throws SQLException {
    select.close();
    database.close();
  }
}
