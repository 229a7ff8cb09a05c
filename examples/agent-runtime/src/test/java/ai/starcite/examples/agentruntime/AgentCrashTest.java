package ai.starcite.examples.agentruntime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.SessionLog;
import ai.starcite.chat.Transcript;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.MessageState;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An agent that is killed in the middle of an answer")
@Timeout(120)
class AgentCrashTest {
  @TempDir Path work;

  private String run(int expectedExitCode, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.io.tmpdir=" + work);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            AgentProcess.class.getName(),
            work.resolve("sessions").toString()));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(expectedExitCode);
    return out.strip();
  }

  private Transcript read() throws Exception {
    return Transcript.fromJson(Json.parse(run(0, "read")));
  }

  private static MessageEntry lastMessage(Transcript transcript) {
    return transcript.entries().stream()
        .filter(MessageEntry.class::isInstance)
        .map(MessageEntry.class::cast)
        .reduce((one, next) -> next)
        .orElseThrow();
  }

  @Test
  @DisplayName("keeps what was streamed, goes on when it is started again, and two readers agree")
  void killedAndResumed() throws Exception {
    run(AgentProcess.HALTED, "halt", "3", "What is the weather like?");

    Transcript cutOff = read();
    assertThat(lastMessage(cutOff))
        .returns(MessageState.PARTIAL, MessageEntry::state)
        .returns("It is 18 ", MessageEntry::text);
    assertThat(cutOff.entries()).filteredOn(ToolEntry.class::isInstance).hasSize(1);
    assertThat(read()).isEqualTo(cutOff);

    assertThat(run(0, "resume")).startsWith("It is 18 °C").endsWith("coat with you .");
    assertThat(run(0, "resume")).isEqualTo("nothing to resume");

    Transcript whole = read();
    assertThat(lastMessage(whole)).returns(MessageState.COMPLETE, MessageEntry::state);
    assertThat(whole.entries())
        .filteredOn(MessageEntry.class::isInstance)
        .extracting(entry -> ((MessageEntry) entry).state())
        .containsExactly(
            MessageState.COMPLETE, // the system's
            MessageState.COMPLETE, // the user's
            MessageState.FAILED,
            MessageState.COMPLETE);
    assertThat(whole.entries())
        .as("the tool had answered and was not asked again")
        .filteredOn(ToolEntry.class::isInstance)
        .hasSize(1);
    assertThat(cutShort()).as("a reader that was cut off after each event").isEqualTo(whole);
  }

  private Transcript cutShort() {
    Transcript transcript = new Transcript();
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(work.resolve("sessions")))) {
      for (long end = log.get(AgentProcess.SESSION).lastSeq(); transcript.cursor() < end; ) {
        try (var tail = log.tail(AgentProcess.SESSION, transcript.cursor())) {
          Event next = tail.next();
          transcript.apply(next);
        }
        transcript = Transcript.fromJson(transcript.toJson());
      }
    }
    return transcript;
  }
}
