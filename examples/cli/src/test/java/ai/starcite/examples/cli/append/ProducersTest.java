package ai.starcite.examples.cli.append;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.examples.cli.backend.DirectoryBackend;
import ai.starcite.examples.cli.console.Output;
import ai.starcite.examples.cli.console.Shell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The producers of the command")
@Timeout(60)
class ProducersTest {
  @TempDir Path work;
  private DirectoryBackend backend;
  private Session session;

  @BeforeEach
  void open() {
    backend = DirectoryBackend.open(work.resolve("sessions"), true);
    session = backend.create(NewSession.ofId("s"));
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private Producers producers() {
    Shell shell =
        new Shell(
            new ByteArrayInputStream(new byte[0]),
            new Output(new ByteArrayOutputStream()),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            Map.of("STARCITE_HOME", work.resolve("home").toString()),
            false,
            false,
            false);
    return Producers.of(shell, backend.name(), "s", session.incarnation());
  }

  private List<AppendResult> append(String text) {
    List<AppendResult> results = new ArrayList<>();
    Request request = Request.of(NewEvent.of("t", Json.encode(Map.of("text", text))));
    new AppendRun(backend, "s", RequestSource.of(request), results::add, note -> {})
        .sendAll(producers(), "event", false);
    return results;
  }

  @Test
  @DisplayName("are one for each run at the same time, so that no number is used twice")
  void oneForEachRun() {
    try (ProducerFile first = producers().lock(unfinished -> false);
        ProducerFile second = producers().lock(unfinished -> false)) {
      assertThat(first.state().producerId()).isNotEqualTo(second.state().producerId());
      assertThat(append("third")).extracting(AppendResult::deduped).containsExactly(false);
    }
    assertThat(append("fourth")).extracting(AppendResult::seq).containsExactly(2L);
  }

  @Test
  @DisplayName(
      "start anew where the log does not know them, as after it was restored from a backup")
  void restoredLog() throws IOException {
    append("one");
    Path state = stateFile();
    String saved = Files.readString(state);
    Files.writeString(state, saved.replace("\"next_seq\":2", "\"next_seq\":9"));
    assertThat(append("two")).extracting(AppendResult::seq).containsExactly(2L);
    assertThat(append("three")).extracting(AppendResult::seq).containsExactly(3L);
  }

  @Test
  @DisplayName("start anew where they are an older copy, and take no event for another")
  void restoredState() throws IOException {
    append("one");
    Path state = stateFile();
    String saved = Files.readString(state);
    append("two");
    Files.writeString(state, saved);
    assertThat(append("three")).extracting(AppendResult::seq).containsExactly(3L);
    assertThat(append("four")).extracting(AppendResult::seq).containsExactly(4L);
  }

  @Test
  @DisplayName("keep JSON with line breaks as it is while it is under way")
  void lineBreaks() {
    NewEvent event =
        NewEvent.of("t", Json.parse("{\n\"a\":\r\n1.0}"))
            .withMetadata(Json.parse("{\n}"))
            .withRefs(Json.parse("{\"to_seq\":\n1}"))
            .withActor("a")
            .withSource("s")
            .withIdempotencyKey("k")
            .withProducer("p", 1);
    ProducerState state = ProducerState.fresh("life").sending(List.of(Request.of(event)), 2);
    assertThat(ProducerState.fromBytes(state.toBytes())).isEqualTo(state);
  }

  private Path stateFile() throws IOException {
    try (Stream<Path> files = Files.walk(work.resolve("home"))) {
      return files.filter(file -> file.getFileName().toString().equals("0")).findFirst().get();
    }
  }
}
