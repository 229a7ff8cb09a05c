package ai.starcite.examples.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Refs;
import ai.starcite.SessionLog;
import ai.starcite.chat.Message;
import ai.starcite.chat.ToolResult;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TranscriptImportTest {
  private static final String STORE = "quickstart-transcripts-" + ProcessHandle.current().pid();
  private static final String ID = "weather/1 ☂";

  private static final String CONVERSATIONS =
      """
      {"session":"weather/1 ☂","score":0.5,"messages":[\
      {"role":"system","content":"Be brief."},\
      {"role":"user","content":"Wetter in Köln und 東京? 🌦"},\
      {"role":"assistant","content":null,"tool_calls":[\
      {"id":"c1","type":"function","function":{"name":"weather","arguments":"{ \\"city\\": \\"Köln\\" }"}},\
      {"id":"c2","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"東京\\"}"}}]},\
      {"role":"tool","tool_call_id":"c2","name":"weather","content":"{\\"t\\": 21}"},\
      {"role":"tool","tool_call_id":"c1","name":"weather","content":"Error: no data"},\
      {"role":"assistant","content":"東京: 21 °C."}]}

      {"session":"empty","messages":[]}
      """;

  @TempDir Path directory;

  @Test
  void airlineSessions_loadedRestartedAndReplayed_areEqualToTheFile() throws Exception {
    Path file =
        Path.of(System.getProperty("starcite.rootDir", "../.."))
            .resolve("../shared/data/airline-agent-sessions.jsonl")
            .toAbsolutePath()
            .normalize();
    assumeTrue(Files.exists(file), () -> "the sample of recorded sessions is not at " + file);

    QuickstartRun run = QuickstartRun.with(directory, "--transcripts", file.toString());

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .containsPattern("conversations +100\n")
        .containsPattern("replayed +2,555 ✓ events")
        .containsPattern("replayed +2,526 ✓ messages")
        .containsPattern("tool results +577 ")
        .containsPattern("differences +0 ✓");
  }

  @Test
  void nullContentParallelCallsAndUnicode_comeBack() throws Exception {
    QuickstartRun run = QuickstartRun.with(directory, "--transcripts", file().toString());

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .containsPattern("replayed +6 ✓ messages")
        .containsPattern("tool results +2 ")
        .containsPattern("differences +0 ✓");
  }

  @Test
  void eachRole_isAProducer_andResultsReferToTheirCalls() throws Exception {
    QuickstartRun.with(directory, "--transcripts", file().toString());

    List<Event> events;
    try (SessionLog log = SessionLog.open(open(STORE))) {
      events = Audit.replay(log, ID);
    }
    assertThat(events)
        .extracting(e -> e.producerId().orElseThrow() + " " + e.producerSeq().getAsLong())
        .containsExactly(
            "system 1", "user 1", "assistant 1", "assistant 2", "tool 1", "tool 2", "assistant 3");
    assertThat(events.subList(4, 6))
        .extracting(e -> e.refs().orElseThrow().as(Refs.class).toSeq())
        .containsExactly(4L, 3L);
  }

  @Test
  void anEventMoreThanInTheFile_isADifference() throws Exception {
    assertDifference(
        "messages[6] is nothing in the file",
        1,
        log -> log.append(ID, NewEvent.of(new Message("user", "Danke!"))));
  }

  @Test
  void aResultThatRefersToAnotherEventThanItsCall_isADifference() throws Exception {
    NewEvent result =
        NewEvent.of(new ToolResult("c1", Json.parse("\"late\"")))
            .withRefs(new Refs(1L, null, null, 6L));

    assertDifference("event 8 refers to 1, its call is 3", 2, log -> log.append(ID, result));
  }

  @Test
  void aSessionThatIsGone_isADifference() throws Exception {
    assertDifference(ID, 1, log -> log.delete(ID));
  }

  @Test
  void anotherTextThanInTheFile_isADifference() throws Exception {
    QuickstartRun.with(
        directory, "--transcripts", file(CONVERSATIONS.replace("21 °C", "22 °C")).toString());

    assertDifference("messages[5]", 1, open("original"), () -> open(STORE));
  }

  @Test
  void otherMetadataThanInTheFile_isADifference() throws Exception {
    QuickstartRun.with(
        directory, "--transcripts", file(CONVERSATIONS.replace("0.5", "0.6")).toString());

    assertDifference("metadata", 1, open("original"), () -> open(STORE));
  }

  /** The import finds out if somebody changes the log between its restart. */
  private void assertDifference(String expected, int differences, Consumer<SessionLog> tampering)
      throws Exception {
    assertDifference(
        expected,
        differences,
        open("original"),
        () -> {
          try (SessionLog log = SessionLog.open(open("original"))) {
            tampering.accept(log);
          }
          return open("original");
        });
  }

  private void assertDifference(
      String expected, int differences, SegmentStore before, Supplier<SegmentStore> afterRestart)
      throws Exception {
    Iterator<Supplier<SegmentStore>> stores =
        List.<Supplier<SegmentStore>>of(() -> before, afterRestart).iterator();
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    int exitCode =
        new TranscriptImport(
                TranscriptFile.read(file()), () -> stores.next().get(), QuickstartRun.stream(out))
            .run();

    assertThat(exitCode).isOne();
    assertThat(QuickstartRun.text(out))
        .contains(expected)
        .containsPattern("differences +" + differences + " ✗ FAILED: expected 0");
  }

  private Path file() throws IOException {
    return file(CONVERSATIONS);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("conversations.jsonl"), content);
  }

  private SegmentStore open(String name) {
    return RocksDbSegmentStore.open(directory.resolve(name));
  }
}
