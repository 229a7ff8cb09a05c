package ai.starcite.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.examples.cli.console.ExitCode;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The command as a process on a directory")
@Timeout(180)
class CommandProcessTest {
  private static final Path LAUNCHER = Path.of("starcite").toAbsolutePath();

  @TempDir Path work;

  private String data() {
    return work.resolve("sessions").toString();
  }

  private Run.Surroundings surroundings() {
    return new Run.Surroundings(work.resolve("home")).with("STARCITE_DATA", data());
  }

  private Map<String, String> environment() {
    return Map.of("STARCITE_HOME", work.resolve("home").toString(), "STARCITE_DATA", data());
  }

  @Test
  @DisplayName("appends a pipe of 100,000 lines in little memory, and shows no progress on a pipe")
  void longPipe() throws Exception {
    CommandContract.succeeded(surroundings().run("create", "--id", "s"));
    try (ChildProcess child =
        ChildProcess.start(
            ChildProcess.java(List.of("-Xmx48m"), Starcite.class.getName(), "append", "s"),
            environment())) {
      try (OutputStream in = new BufferedOutputStream(child.process().getOutputStream())) {
        String padding = "x".repeat(400); // 100,000 of them do not fit into the memory
        for (int n = 1; n <= 100_000; n++) {
          in.write(
              "{\"type\":\"content\",\"payload\":{\"text\":\"%d %s\"}}\n"
                  .formatted(n, padding)
                  .getBytes(StandardCharsets.UTF_8));
        }
      }
      assertThat(child.remainingLines()).containsExactly("events=100000 last_seq=100000 deduped=0");
      assertThat(child.err()).isEmpty();
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  @DisplayName("stores each line once when it is killed in the middle of a stream and run again")
  void killedStream() throws Exception {
    CommandContract.succeeded(surroundings().run("create", "--id", "s"));
    String input =
        IntStream.rangeClosed(1, 20_000)
            .mapToObj(n -> "{\"type\":\"content\",\"payload\":{\"text\":\"%d\"}}\n".formatted(n))
            .collect(Collectors.joining());
    long acknowledged = 0;
    try (ChildProcess child =
        ChildProcess.start(
            ChildProcess.java(List.of(), Starcite.class.getName(), "append", "s", "--each"),
            environment())) {
      writeBeside(child, input.substring(0, input.length() / 2));
      while (acknowledged < 2_000) {
        assertThat(child.line()).startsWith("seq=");
        acknowledged++;
      }
      child.kill();
    }
    Run again = surroundings().input(input).run("append", "s");
    assertThat(again.lines())
        .singleElement()
        .asString()
        .startsWith("events=20000 last_seq=20000 deduped=");
    assertThat(Long.parseLong(again.out().strip().replaceAll(".*deduped=", "")))
        .isGreaterThanOrEqualTo(acknowledged);
    assertThat(surroundings().run("tail", "s").lines())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 20_000).mapToObj(n -> "[-] " + n).toList());
  }

  /** Leaves the input open, so that the child cannot have come to its end. */
  private static void writeBeside(ChildProcess child, String text) {
    Thread writer =
        new Thread(
            () -> {
              try {
                OutputStream in = child.process().getOutputStream();
                in.write(text.getBytes(StandardCharsets.UTF_8));
                in.flush();
              } catch (IOException e) {
                // It was killed before it had read all.
              }
            });
    writer.setDaemon(true);
    writer.start();
  }

  @Test
  @DisplayName("names the process that holds the directory, ends with 7, and writes one line")
  void heldDirectory() throws Exception {
    RocksDbSegmentStore held = RocksDbSegmentStore.open(Path.of(data()));
    try (held;
        ChildProcess child =
            ChildProcess.starcite(work.resolve("home"), "sessions", "list", "--data", data())) {
      assertThat(child.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(child.err())
          .contains("pid " + ProcessHandle.current().pid())
          .contains("--url")
          .hasLineCount(1);
    }
  }

  @Test
  @DisplayName(
      "is started by its launcher from anywhere, and ends quietly when its reader goes away")
  void launcher() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no shell");
    CommandContract.succeeded(surroundings().run("create", "--id", "s"));
    String line = "{\"type\":\"content\",\"payload\":{\"text\":\"" + "x".repeat(1000) + "\"}}\n";
    CommandContract.succeeded(surroundings().input(line.repeat(2_000)).run("append", "s"));
    Path installed = Files.createDirectories(work.resolve("a folder"));
    Files.copy(LAUNCHER, installed.resolve("starcite"));
    installed.resolve("starcite").toFile().setExecutable(true);
    jar(installed.resolve("starcite.jar"));
    Path link = Files.createSymbolicLink(work.resolve("link"), installed.resolve("starcite"));

    String script = "{ \"$0\" tail s; echo \"ended $?\" >&2; } | head -n 1";
    try (ChildProcess shell =
        ChildProcess.start(List.of("/bin/sh", "-c", script, link.toString()), environment())) {
      assertThat(shell.remainingLines()).hasSize(1);
      assertThat(shell.err()).isEqualTo("ended " + ExitCode.CLOSED_PIPE + "\n");
    }
  }

  @Test
  @DisplayName("shows progress and no trace of it elsewhere if standard error is a terminal")
  void terminal() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no script(1)");
    CommandContract.succeeded(surroundings().run("create", "--id", "s"));
    Path input =
        Files.writeString(
            work.resolve("input"), "{\"type\":\"content\",\"payload\":{}}\n".repeat(50));
    String command =
        ChildProcess.java(List.of(), Starcite.class.getName(), "append", "s").stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    Path out = work.resolve("out");
    try (ChildProcess pty =
        ChildProcess.start(
            List.of("/usr/bin/script", "-qec", command + " < " + input + " > " + out, "/dev/null"),
            environment())) {
      assertThat(String.join("\n", pty.remainingLines())).contains("50 events, ");
      assertThat(pty.exitCode()).isZero();
    }
    assertThat(out).hasContent("events=50 last_seq=50 deduped=0");
  }

  /** A jar that runs what is tested. */
  private static void jar(Path file) throws Exception {
    String classPath =
        Arrays.stream(ChildProcess.classPath().split(System.getProperty("path.separator")))
            .map(entry -> Path.of(entry).toUri())
            .map(URI::toString)
            .collect(Collectors.joining(" "));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Starcite.class.getName());
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
  }
}
