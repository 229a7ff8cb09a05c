package ai.starcite.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.starcite.Event;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Several processes that append to one session")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SharedSessionTest {
  private static final String SESSION = "shared";
  private static final int EVENTS = 200;

  private final String prefix = "t" + UUID.randomUUID();
  private final List<Writer> writers = new ArrayList<>();
  private TestBucket bucket = TestBucket.current();

  @AfterEach
  void end() {
    writers.forEach(writer -> writer.process.close());
    if (TestBucket.isElsewhere()) {
      TestBucket.empty(prefix);
    }
  }

  /** A process, and the numbers of its acknowledged events by seq. */
  private static final class Writer {
    final String producer;
    final ChildProcess process;
    final Map<Long, Long> acknowledged = new TreeMap<>();
    CompletableFuture<Void> listening = CompletableFuture.completedFuture(null);

    Writer(String producer, ChildProcess process) {
      this.producer = producer;
      this.process = process;
    }

    /** Reads its output until it is done or dead, and reports each acknowledgement. */
    void listen(Runnable acknowledgement) {
      process.tell("go");
      listening =
          CompletableFuture.runAsync(
              () -> {
                Optional<String> line = process.line();
                while (line.isPresent() && !line.get().equals("done")) {
                  String[] words = line.get().split(" ");
                  // The last line of one that is killed may be cut off.
                  if (words[0].equals("ack") && words.length == 3 && !words[2].isEmpty()) {
                    acknowledged.put(Long.parseLong(words[1]), Long.parseLong(words[2]));
                    acknowledgement.run();
                  }
                  line = process.line();
                }
              },
              task -> new Thread(task, "listener").start());
    }
  }

  private SessionLog open() {
    return SessionLog.open(bucket.builder(prefix).skipProbe().open());
  }

  private Writer start(String producer) {
    ChildProcess process =
        ChildProcess.start(
            bucket.jvmArguments(),
            AppendingMain.class,
            prefix,
            SESSION,
            producer,
            String.valueOf(EVENTS));
    Writer writer = new Writer(producer, process);
    writers.add(writer);
    return writer;
  }

  private void startAll(int processes) {
    try (SessionLog log = open()) {
      log.create(NewSession.ofId(SESSION));
    }
    for (int i = 1; i <= processes; i++) {
      start("p" + i);
    }
    writers.forEach(writer -> writer.process.lineWith("ready"));
  }

  /**
   * Checks that each event exists once, in one order, as it was acknowledged, and that all
   * processes read the same.
   */
  private void check(List<Writer> finished, int events) {
    List<Event> read;
    try (SessionLog log = open()) {
      read = AppendingMain.read(log, SESSION, events);
      assertThat(log.get(SESSION).lastSeq()).isEqualTo(events);
    }
    assertThat(read).extracting(Event::seq).isEqualTo(range(events));
    for (Writer writer : writers) {
      List<Event> own =
          read.stream()
              .filter(event -> event.producerId().orElseThrow().equals(writer.producer))
              .toList();
      assertThat(own)
          .extracting(event -> event.producerSeq().orElseThrow())
          .isEqualTo(range(own.size()));
      assertThat(own)
          .allSatisfy(
              event ->
                  assertThat(event.payload())
                      .isEqualTo(
                          AppendingMain.payload(
                              writer.producer, event.producerSeq().orElseThrow())));
      writer.acknowledged.forEach(
          (seq, number) -> {
            Event event = read.get((int) (seq - 1));
            assertThat(event.producerId()).contains(writer.producer);
            assertThat(event.producerSeq()).hasValue(number);
          });
    }
    String digest = AppendingMain.digest(read);
    finished.forEach(writer -> writer.process.tell(String.valueOf(events)));
    assertThat(finished)
        .allSatisfy(
            writer -> assertThat(writer.process.lineWith("read")).isEqualTo("read " + digest));
  }

  private static List<Long> range(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @ParameterizedTest(name = "{0} processes")
  @DisplayName("leave no hole, lose nothing, and read the same")
  @ValueSource(ints = {2, 4})
  void append_together(int processes) {
    startAll(processes);
    writers.forEach(writer -> writer.listen(() -> {}));
    writers.forEach(writer -> writer.listening.join());
    writers.forEach(writer -> assertThat(writer.acknowledged).hasSize(EVENTS));
    check(writers, processes * EVENTS);
  }

  @Test
  @DisplayName("go on when one of them is killed, which has lost nothing either")
  void append_oneKilled() {
    startAll(3);
    Writer victim = writers.get(0);
    CountDownLatch halfway = new CountDownLatch(EVENTS / 2);
    victim.listen(
        () -> {
          halfway.countDown();
          if (halfway.getCount() == 0) {
            victim.process.kill();
          }
        });
    List<Writer> others = writers.subList(1, 3);
    others.forEach(writer -> writer.listen(() -> {}));
    writers.forEach(writer -> writer.listening.join());
    others.forEach(writer -> assertThat(writer.acknowledged).hasSize(EVENTS));
    assertThat(victim.acknowledged).hasSizeBetween(EVENTS / 2, EVENTS - 1);

    long last;
    try (SessionLog log = open()) {
      last = log.get(SESSION).lastSeq();
    }
    // At most one event was under way when it died.
    assertThat(last - 2 * EVENTS - victim.acknowledged.size()).isBetween(0L, 1L);
    check(others, (int) last);
  }

  @Test
  @DisplayName("go on when the server comes back")
  void append_serverStopped() {
    assumeFalse(TestBucket.isElsewhere(), "the server is not ours to stop");
    try (LocalS3 server = new LocalS3()) {
      bucket = server.bucket();
      startAll(2);
      CountDownLatch some = new CountDownLatch(EVENTS / 2);
      writers.forEach(writer -> writer.listen(some::countDown));
      some.await();
      server.stop();
      server.startAgain();
      writers.forEach(writer -> writer.listening.join());
      writers.forEach(writer -> assertThat(writer.acknowledged).hasSize(EVENTS));
      check(writers, 2 * EVENTS);
      writers.forEach(writer -> writer.process.close());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
