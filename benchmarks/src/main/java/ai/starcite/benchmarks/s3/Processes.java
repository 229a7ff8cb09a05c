package ai.starcite.benchmarks.s3;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.benchmarks.Children;
import ai.starcite.benchmarks.measure.Figures;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Several processes that append to one session at 30 events a second each. */
final class Processes {
  static final int EVENTS_A_SECOND = 30;

  private final URI endpoint;
  private final Path directory;
  private final int seconds;

  Processes(URI endpoint, Path directory, int seconds) {
    this.endpoint = endpoint;
    this.directory = directory;
    this.seconds = seconds;
  }

  /** Lets so many processes append, and checks that all they appended is there. */
  void measure(int processes, Figures figures) throws Exception {
    String prefix = "processes-" + processes;
    try (SessionLog log = SessionLog.open(SlowS3.store(endpoint, prefix).open())) {
      log.create(NewSession.ofId(WriterProcess.SESSION));
    }
    Path go = directory.resolve(prefix + "-go");
    List<Path> results = new ArrayList<>();
    List<Process> running = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        Path result = directory.resolve(prefix + "-" + i + ".json");
        results.add(result);
        running.add(
            Children.start(
                "256m",
                WriterProcess.class,
                endpoint.toString(),
                prefix,
                "writer-" + i,
                Integer.toString(EVENTS_A_SECOND),
                Integer.toString(seconds),
                result.toString(),
                go.toString()));
      }
      Children.await(() -> results.stream().allMatch(each -> isReady(each)), running);
      Files.createFile(go);
      for (Process each : running) {
        Children.finish(each);
      }
    } finally {
      running.forEach(Process::destroyForcibly);
    }
    String name = "s3/processes/" + processes + "/";
    for (Path each : results) {
      Figures own = Figures.read(each);
      for (String figure : List.of("rate", "p50", "p99")) {
        figures.add(name + figure, own.of(figure).orElseThrow().median());
      }
    }
    try (SessionLog log = SessionLog.open(SlowS3.store(endpoint, prefix).open())) {
      long last = log.get(WriterProcess.SESSION).lastSeq();
      long expected = (long) processes * seconds * EVENTS_A_SECOND;
      if (last != expected) {
        throw new IllegalStateException(last + " events of " + expected);
      }
    }
  }

  private static boolean isReady(Path result) {
    return Files.exists(WriterProcess.ready(result));
  }
}
