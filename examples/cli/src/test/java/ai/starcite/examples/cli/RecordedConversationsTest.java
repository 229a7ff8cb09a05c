package ai.starcite.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.TailOptions;
import ai.starcite.examples.cli.console.ExitCode;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("export | import")
@Timeout(120)
class RecordedConversationsTest {
  private static final String SMALL =
      """
      {"session":"weather/ü","messages":[{"role":"user","content":"Wetter? 🌦"},\
      {"role":"assistant","content":null,"tool_calls":[{"id":"c1","n":1.50e2}]}]}
      {"session":"empty","messages":[]}
      """;

  @TempDir Path work;

  @Test
  @DisplayName("is exact for a small conversation, and for a session without events")
  void small() throws Exception {
    check(SMALL.lines().toList());
  }

  @Test
  @DisplayName("is exact for all recorded conversations")
  void recorded() throws Exception {
    Path file =
        Path.of(System.getProperty("starcite.rootDir", "../.."))
            .resolve("../shared/data/airline-agent-sessions.jsonl")
            .toAbsolutePath()
            .normalize();
    assumeTrue(Files.exists(file), () -> "the sample of recorded sessions is not at " + file);
    check(Files.readAllLines(file));
  }

  /** Also when the import is cut off in the middle and run again. */
  private void check(List<String> conversations) throws IOException {
    Path from = work.resolve("from");
    Path to = work.resolve("to");
    Map<String, List<NewEvent>> written = write(from, conversations);
    Run.Surroundings surroundings = new Run.Surroundings(work.resolve("home"));
    String exported =
        CommandContract.succeeded(surroundings.run("export", "--data", from.toString())).out();

    int half = exported.indexOf('\n', exported.length() / 2) + 1;
    Run cutOff =
        surroundings.input(exported.substring(0, half)).run("import", "--data", to.toString());
    assertThat(cutOff.exitCode()).isIn(ExitCode.OK, ExitCode.USAGE);
    CommandContract.succeeded(surroundings.input(exported).run("import", "--data", to.toString()));

    assertThat(read(to, written.keySet())).isEqualTo(written);
    String again =
        CommandContract.succeeded(surroundings.run("export", "--data", to.toString())).out();
    assertThat(CommandContract.withoutTimes(again))
        .isEqualTo(CommandContract.withoutTimes(exported));
  }

  private static Map<String, List<NewEvent>> write(Path directory, List<String> conversations) {
    Map<String, List<NewEvent>> written = new LinkedHashMap<>();
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(directory))) {
      for (String line : conversations) {
        Map<String, Json> conversation = Json.parse(line).members();
        String id = conversation.get("session").as(String.class);
        log.create(NewSession.ofId(id).withTitle("T " + id).withMetadata(Json.parse("{\n}")));
        List<NewEvent> events = new ArrayList<>();
        for (Json message : conversation.get("messages").as(Json[].class)) {
          String role = message.members().get("role").as(String.class);
          NewEvent event = NewEvent.of("chat_message", message).withActor(role);
          // Some events have a producer, some have none.
          events.add(
              events.size() % 2 == 0 ? event : event.withProducer("p", events.size() / 2 + 1));
        }
        if (!events.isEmpty()) {
          log.appendAll(id, events);
        }
        written.put(id, events);
      }
    }
    return written;
  }

  private static Map<String, List<NewEvent>> read(Path directory, Iterable<String> ids) {
    Map<String, List<NewEvent>> read = new LinkedHashMap<>();
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(directory))) {
      for (String id : ids) {
        List<NewEvent> events = new ArrayList<>();
        try (var tail = log.tail(id, TailOptions.from(0).withoutFollowing())) {
          for (Event event : tail) {
            events.add(event.toNewEvent());
          }
        }
        read.put(id, events);
        assertThat(log.get(id).metadata()).isEqualTo(Json.parse("{\n}"));
      }
    }
    return read;
  }
}
