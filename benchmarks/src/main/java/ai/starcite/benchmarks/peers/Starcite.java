package ai.starcite.benchmarks.peers;

import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The log over its RocksDB store, with the settings that they come with; but 8,000 events of 4 KiB
 * may be in flight on one session.
 */
public final class Starcite implements Contender {
  /** Its name in tables and charts. */
  public static final String NAME = "Starcite";

  private static final long MAX_PENDING_BYTES = 256L << 20;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public OpenLog open(Path directory) {
    return new OpenLog(
        SessionLog.builder(RocksDbSegmentStore.open(directory))
            .maxPendingBytes(MAX_PENDING_BYTES)
            .open());
  }

  /** The event of an entry. */
  public static NewEvent event(Entry entry) {
    return NewEvent.of("message", entry.payload().json())
        .withAgent("drafter")
        .withProducer(entry.producer(), entry.producerSeq());
  }

  /**
   * A log that is open.
   *
   * @param log the log
   */
  public record OpenLog(SessionLog log) implements Store {
    @Override
    public void create(String session) {
      log.create(NewSession.ofId(session));
    }

    @Override
    public Writer writer() {
      return new LogWriter(log);
    }

    @Override
    public void close() {
      log.close();
    }
  }

  private record LogWriter(SessionLog log) implements Writer {
    @Override
    public void append(Entry entry) {
      log.append(entry.session(), event(entry));
    }

    @Override
    public void appendAll(List<Entry> entries) {
      Map<String, List<NewEvent>> bySession = new LinkedHashMap<>();
      for (Entry entry : entries) {
        bySession.computeIfAbsent(entry.session(), unused -> new ArrayList<>()).add(event(entry));
      }
      List<CompletableFuture<?>> pending = new ArrayList<>();
      bySession.forEach((session, events) -> pending.add(log.appendAllAsync(session, events)));
      pending.forEach(CompletableFuture::join);
    }
  }
}
