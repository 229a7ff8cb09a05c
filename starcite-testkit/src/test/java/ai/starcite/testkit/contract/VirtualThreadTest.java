package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.store.memory.MemorySegmentStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TAIL-7: readers and writers on virtual threads wait without holding on to their carriers. */
class VirtualThreadTest {
  private static final int READERS = 500;
  private static final int EVENTS = 50;
  private static final NewEvent EVENT = NewEvent.of("content", Json.parse("{\"text\":\"x\"}"));

  /** The executor of JDK 21 that starts a virtual thread for each task; skips the test before. */
  private static ExecutorService virtualThreads() throws ReflectiveOperationException {
    assumeTrue(
        Runtime.version().feature() >= 21, "skipped, since virtual threads came with JDK 21");
    return (ExecutorService)
        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  @Test
  @DisplayName("TAIL-7: virtual threads that wait for events or appends are not pinned")
  void notPinned(@TempDir Path directory) throws Exception {
    ExecutorService threads = virtualThreads();
    Path file = directory.resolve("pinned.jfr");
    try (SessionLog log = SessionLog.open(MemorySegmentStore.open());
        Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
      // Threads that load a class are pinned for that moment: this loads them.
      readAndWrite(log, threads);
      recording.start();
      readAndWrite(log, threads);
      recording.stop();
      recording.dump(file);
    } finally {
      threads.shutdownNow();
    }
    List<String> pinned = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      String stack = String.valueOf(event.getStackTrace());
      if (stack.contains("ai.starcite.internal") && !stack.contains("loadClass")) {
        pinned.add(stack);
      }
    }
    assertThat(pinned).isEmpty();
  }

  private static void readAndWrite(SessionLog log, ExecutorService threads) throws Exception {
    String id = log.create(NewSession.defaults()).id();
    List<Future<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(threads.submit(() -> read(log, id)));
    }
    Callable<Object> write =
        () -> {
          for (int i = 0; i < EVENTS; i++) {
            log.append(id, EVENT);
          }
          return null;
        };
    threads.submit(write).get();
    for (Future<Integer> each : readers) {
      assertThat(each.get()).isEqualTo(EVENTS);
    }
  }

  private static int read(SessionLog log, String id) {
    int events = 0;
    try (Tail tail = log.tail(id, TailOptions.from(0).withLimit(EVENTS))) {
      for (Event event : tail) {
        events += event.seq() == events + 1 ? 1 : -EVENTS;
      }
    }
    return events;
  }
}
