package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A process that is killed while it appends")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class KilledWriterTest {
  private static final int ROUNDS = 22;
  private static final int MOST_LINES = 150;

  @TempDir Path directory;
  @TempDir Path parentOfTemporary;

  /** What the killed processes said was stored: by session and seq, the producer and number. */
  private final Map<String, Map<Long, String>> acknowledged = new HashMap<>();

  @Test
  @DisplayName("APP-1, APP-2, APP-4: no acknowledged event is lost, moved or doubled")
  void killed_losesNothing() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (String session : AppendingProcess.SESSIONS) {
      acknowledged.put(session, new HashMap<>());
    }
    for (int round = 1; round <= ROUNDS; round++) {
      // RocksDB leaves its library there when the process is killed.
      Path temporary = Files.createDirectory(parentOfTemporary.resolve("tmp"));
      runAndKill(random.nextInt(MOST_LINES), temporary);
      Directories.delete(temporary);
      check("round " + round + " of seed " + seed);
    }
    assertThat(acknowledged.values().stream().mapToInt(Map::size).sum()).isPositive();
  }

  /** Kills the process when it has printed so many lines, and reads what it still printed. */
  private void runAndKill(int lines, Path temporary) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                AppendingProcess.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int read = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        // The last line may be cut off: it ends with a mark where it is whole.
        if (line.endsWith(AppendingProcess.END)) {
          String[] words = line.split(" ");
          acknowledged.get(words[0]).put(Long.parseLong(words[1]), words[2] + " " + words[3]);
        }
        if (read++ == lines) {
          // The handle, since the process itself would close the stream as well.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void check(String when) {
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(directory))) {
      for (String session : AppendingProcess.SESSIONS) {
        log.createIfAbsent(NewSession.ofId(session));
        Map<Long, String> expected = acknowledged.get(session);
        Map<String, Long> last = new HashMap<>();
        List<Event> events = read(log, session);
        for (int i = 0; i < events.size(); i++) {
          Event event = events.get(i);
          String producer = event.producerId().orElseThrow();
          long number = event.producerSeq().orElseThrow();
          assertThat(event.seq()).as("%s, %s: no hole", when, session).isEqualTo(i + 1);
          assertThat(number)
              .as("%s, %s: producer %s in order", when, session, producer)
              .isEqualTo(last.merge(producer, 1L, Long::sum));
          assertThat(event.payload()).isEqualTo(AppendingProcess.payload(number));
        }
        expected.forEach(
            (seq, name) -> {
              assertThat(seq).as("%s, %s: lost", when, session).isLessThanOrEqualTo(events.size());
              Event event = events.get((int) (seq - 1));
              assertThat(event.producerId().get() + " " + event.producerSeq().getAsLong())
                  .as("%s, %s: seq %d", when, session, seq)
                  .isEqualTo(name);
            });
        last.forEach((producer, number) -> checkRetry(log, session, producer, number));
      }
    }
  }

  private static void checkRetry(SessionLog log, String session, String producer, long number) {
    Producer.Position position = log.producerPosition(session, producer).orElseThrow();
    assertThat(position.producerSeq()).isEqualTo(number);
    AppendResult retried = log.append(session, AppendingProcess.event(producer, number));
    assertThat(retried.deduped()).isTrue();
    assertThat(retried.seq()).isEqualTo(position.seq());
  }

  private static List<Event> read(SessionLog log, String session) {
    List<Event> events = new ArrayList<>();
    try (Tail tail = log.tail(session, TailOptions.from(0).withoutFollowing())) {
      tail.forEachRemaining(events::add);
    }
    return events;
  }

  /** Appends to several sessions from several threads until it is killed, saying what is stored. */
  static final class AppendingProcess {
    static final List<String> SESSIONS = List.of("planning", "../x", "\uD83D\uDE80");
    static final String END = "!";
    private static final int PRODUCERS = 3;

    private AppendingProcess() {}

    public static void main(String[] args) {
      SessionLog log = SessionLog.open(RocksDbSegmentStore.open(Path.of(args[0])));
      for (String session : SESSIONS) {
        log.createIfAbsent(NewSession.ofId(session));
        for (int i = 0; i < PRODUCERS; i++) {
          String producer = "producer-" + i;
          new Thread(() -> append(log, session, producer)).start();
        }
      }
    }

    private static void append(SessionLog log, String session, String producer) {
      long number =
          log.producerPosition(session, producer).map(Producer.Position::producerSeq).orElse(0L);
      while (true) {
        number++;
        AppendResult result = log.append(session, event(producer, number));
        byte[] line =
            (session + " " + result.seq() + " " + producer + " " + number + " " + END + "\n")
                .getBytes(StandardCharsets.UTF_8);
        // One write a line, so that a line is whole or not there.
        System.out.write(line, 0, line.length);
        System.out.flush();
      }
    }

    static NewEvent event(String producer, long number) {
      return NewEvent.of("content", payload(number)).withProducer(producer, number);
    }

    static Json payload(long number) {
      return Json.encode(
          Map.of("text", "event " + number + " " + "x".repeat((int) (number % 700))));
    }
  }
}
