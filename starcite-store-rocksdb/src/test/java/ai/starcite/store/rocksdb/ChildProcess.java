package ai.starcite.store.rocksdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that runs a main class of the tests, and what it prints. */
final class ChildProcess implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 60;

  private final Process process;
  private final BufferedReader output;

  private ChildProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChildProcess start(Path temporary, Class<?> main, String... arguments) throws IOException {
    return new ChildProcess(builder(command(temporary, main, arguments)).start());
  }

  /** Starts one through another program, which is given its command line. */
  static ChildProcess startWith(
      List<String> wrapper, Path temporary, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(command(temporary, main, arguments));
    return new ChildProcess(builder(command).start());
  }

  /** Starts one that can write files of so many KiB at most. */
  static ChildProcess startLimited(int fileKib, Path temporary, Class<?> main, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f " + fileKib + " && exec \"$@\"", "bash"));
    command.addAll(command(temporary, main, arguments));
    return new ChildProcess(builder(command).start());
  }

  private static List<String> command(Path temporary, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // RocksDB leaves its library there when the process is killed.
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Xmx128m");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private static ProcessBuilder builder(List<String> command) {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** The next line, or empty when there is none any more. */
  Optional<String> line() throws IOException {
    return Optional.ofNullable(output.readLine());
  }

  /** All lines up to the end of the process. */
  List<String> remainingLines() {
    return output.lines().toList();
  }

  /** Kills it, and leaves what it has printed to be read. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the child process does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    output.close();
  }
}
