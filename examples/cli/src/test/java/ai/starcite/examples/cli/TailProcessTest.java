package ai.starcite.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.examples.cli.console.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A tail that follows")
@Timeout(120)
class TailProcessTest {
  @TempDir Path work;
  private GatewayProcess gateway;
  private String id;

  @BeforeEach
  void start() {
    gateway = GatewayProcess.start(work.resolve("sessions"), 0);
    id = ok("", "create").out().strip();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private Run ok(String input, String... args) {
    return CommandContract.succeeded(
        new Run.Surroundings(work.resolve("home"))
            .with("STARCITE_URL", gateway.url())
            .input(input)
            .run(args));
  }

  private static String events(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(
            n ->
                "{\"type\":\"content\",\"payload\":{\"text\":\"%d\"},\"actor\":\"agent:a\"}\n"
                    .formatted(n))
        .collect(Collectors.joining());
  }

  private ChildProcess tail() {
    return ChildProcess.starcite(work.resolve("home"), "tail", id, "--url", gateway.url());
  }

  private static void assertLines(ChildProcess tail, int from, int to) {
    for (int n = from; n <= to; n++) {
      assertThat(tail.line()).isEqualTo("[a] " + n);
    }
  }

  @Test
  @DisplayName(
      "resumes by itself after the gateway was killed and started again, and ends with the seal")
  void resumes() throws Exception {
    ok(events(1, 100), "append", id);
    try (ChildProcess tail = tail()) {
      assertLines(tail, 1, 100);
      int port = gateway.port();
      gateway.kill();
      gateway = GatewayProcess.start(work.resolve("sessions"), port);
      ok(events(101, 200), "append", id);
      assertLines(tail, 101, 200);
      ok("", "seal", id);
      assertThat(tail.line()).isNull();
      assertThat(tail.exitCode()).isZero();
      assertThat(tail.err()).contains("lost the connection").contains("resuming after seq 100");
    }
  }

  @Test
  @DisplayName("ends with 130 on Ctrl-C")
  void interrupted() throws Exception {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "whether signals are ignored is told by Linux only");
    assumeTrue(
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .noneMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 0b10) != 0),
        "whoever runs the tests has them ignore Ctrl-C");
    ok(events(1, 1), "append", id);
    try (ChildProcess tail = tail()) {
      assertLines(tail, 1, 1);
      new ProcessBuilder("kill", "-INT", Long.toString(tail.pid())).start().waitFor();
      assertThat(tail.exitCode()).isEqualTo(130);
      assertThat(tail.err()).isEmpty();
    }
  }

  @Test
  @DisplayName("ends with 3 when its session is deleted")
  void deleted() throws Exception {
    ok(events(1, 1), "append", id);
    try (ChildProcess tail = tail()) {
      assertLines(tail, 1, 1);
      ok("", "delete", id);
      assertThat(tail.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
      assertThat(tail.err()).contains("was deleted");
    }
  }

  @Test
  @DisplayName("does not go on in another session of the same id")
  void anotherLife() throws Exception {
    ok(events(1, 2), "append", id);
    try (ChildProcess tail = tail()) {
      assertLines(tail, 1, 2);
      int port = gateway.port();
      gateway.kill();
      String data = work.resolve("sessions").toString();
      Run.Surroundings offline = new Run.Surroundings(work.resolve("home"));
      CommandContract.succeeded(offline.run("delete", id, "--data", data));
      CommandContract.succeeded(offline.run("create", "--id", id, "--data", data));
      CommandContract.succeeded(offline.input(events(7, 9)).run("append", id, "--data", data));
      gateway = GatewayProcess.start(work.resolve("sessions"), port);
      assertThat(tail.remainingLines()).isEmpty();
      assertThat(tail.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
      assertThat(tail.err()).contains("another one");
    }
  }
}
