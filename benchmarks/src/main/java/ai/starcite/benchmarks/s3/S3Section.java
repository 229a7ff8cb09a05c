package ai.starcite.benchmarks.s3;

import ai.starcite.benchmarks.Environment;
import ai.starcite.benchmarks.Scale;
import ai.starcite.benchmarks.Section;
import ai.starcite.benchmarks.measure.Directories;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Rounds;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The S3 store at a server on this machine that takes as long as S3: requests, and latency. */
public final class S3Section implements Section {
  /** How long to wait for more events, in milliseconds. */
  public static final List<Integer> LINGERS = List.of(0, 10, 50, 250);

  /** How many processes append to one session. */
  public static final List<Integer> PROCESSES = List.of(1, 2, 4, 8);

  /** So many segments of a session are compacted twice, if they are a PUT and the linger apart. */
  private static final long SEGMENTS = 150;

  private static final Duration SHORTEST = Duration.ofSeconds(15);

  @Override
  public String name() {
    return "s3";
  }

  @Override
  public void run(Environment environment, Figures figures) throws Exception {
    Scale scale = environment.scale();
    Path objects = Directories.empty(environment.directory(), "objects");
    boolean tiny = scale.equals(Scale.TINY);
    try (SlowS3 server = new SlowS3(objects);
        Idle idle = new Idle(server.endpoint())) {
      URI endpoint = server.endpoint();
      System.out.println("appends beside puts");
      Rounds.run(
          1,
          scale.rounds(),
          List.of(new PutLatency(endpoint, scale.everything() ? 50 : tiny ? 2 : 20)),
          figures);
      idle.begin();
      for (int millis : LINGERS) {
        Linger linger = new Linger(endpoint, millis, offered(scale, millis));
        System.out.println(linger.name());
        linger.measure(figures);
      }
      Processes processes =
          new Processes(
              endpoint,
              Directories.empty(environment.directory(), "processes"),
              scale.everything() ? 20 : tiny ? 2 : 6);
      for (int count : tiny ? PROCESSES.subList(0, 2) : PROCESSES) {
        System.out.println(count + " processes on one session");
        processes.measure(count, figures);
      }
      System.out.printf("a session of %,d events, compacted%n", scale.replayedEvents());
      new Archive(endpoint, scale.replayedEvents()).measure(figures);
      idle.note(figures);
    }
    Directories.delete(objects);
  }

  /** Long enough for each session to be compacted twice, so that it has about its share. */
  private static Duration offered(Scale scale, int lingerMillis) {
    if (!scale.everything()) {
      return scale.measured().multipliedBy(10);
    }
    long millis = SEGMENTS * (SlowS3.PUT_MILLIS + lingerMillis);
    return Duration.ofMillis(Math.max(millis, SHORTEST.toMillis()));
  }
}
