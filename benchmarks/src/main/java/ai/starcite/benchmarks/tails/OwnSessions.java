package ai.starcite.benchmarks.tails;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.TailOptions;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.store.memory.MemorySegmentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Appends to many sessions, each with a tail or without. */
final class OwnSessions implements Workload {
  private static final int APPENDS = 100;

  private final int sessions;
  private final boolean withTails;

  OwnSessions(int sessions, boolean withTails) {
    this.sessions = sessions;
    this.withTails = withTails;
  }

  @Override
  public String name() {
    return "%,d sessions, %s".formatted(sessions, withTails ? "each with a tail" : "no tails");
  }

  @Override
  public void measure(Figures figures) {
    try (SessionLog log = SessionLog.open(MemorySegmentStore.open())) {
      Counter counter = new Counter();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        ids.add(log.create(NewSession.defaults()).id());
        if (withTails) {
          log.publisher(ids.get(i), TailOptions.from(0)).subscribe(counter.subscriber());
        }
      }
      long start = System.nanoTime();
      for (int i = 0; i < APPENDS; i++) {
        List<CompletableFuture<?>> appends = new ArrayList<>();
        for (String id : ids) {
          appends.add(log.appendAsync(id, MemoryLog.EVENT));
        }
        CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).join();
      }
      long events = (long) sessions * APPENDS;
      if (withTails) {
        counter.await(events);
      }
      figures.add(
          "tails/own sessions/" + (withTails ? "with" : "without") + "/rate",
          events * 1e9 / (System.nanoTime() - start));
    }
  }
}
