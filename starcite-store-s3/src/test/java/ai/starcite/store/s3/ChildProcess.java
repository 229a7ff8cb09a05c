package ai.starcite.store.s3;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A separate JVM that runs a program, and what it prints. */
final class ChildProcess implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 60;

  private final Process process;
  private final BufferedReader output;
  private final PrintStream input;

  private ChildProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts a main class of the tests. */
  static ChildProcess start(List<String> jvmArguments, Class<?> main, String... arguments) {
    List<String> all = new ArrayList<>(jvmArguments);
    all.add("-Xmx256m");
    all.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    all.add("-cp");
    all.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    all.add(main.getName());
    all.addAll(List.of(arguments));
    return start(all);
  }

  /** Starts a JVM. */
  static ChildProcess start(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    try {
      return new ChildProcess(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the next line, or empty at the end. */
  Optional<String> line() {
    try {
      return Optional.ofNullable(output.readLine());
    } catch (IOException e) {
      return Optional.empty(); // it was killed
    }
  }

  /** Returns the next line that begins this way. */
  String lineWith(String beginning) {
    for (Optional<String> line = line(); line.isPresent(); line = line()) {
      if (line.get().startsWith(beginning)) {
        return line.get();
      }
    }
    throw new AssertionError("the process ended before it said " + beginning);
  }

  void tell(String line) {
    input.println(line);
  }

  /** Kills it as a power failure would; what it has printed can still be read. */
  void kill() {
    // The handle, since the process itself would close its output as well.
    process.toHandle().destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("a process does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
