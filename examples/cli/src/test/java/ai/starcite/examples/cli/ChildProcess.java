package ai.starcite.examples.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, which does not outlive the test. */
final class ChildProcess implements AutoCloseable {
  private static final int SECONDS = 170;

  private final Process process;
  private final ProcessHandle handle;
  private final BufferedReader out;
  private final CompletableFuture<String> err;

  private ChildProcess(ProcessBuilder builder) {
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Through its handle: Process.destroyForcibly() would also throw away what it has said.
    handle = process.toHandle();
    CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(handle::destroyForcibly);
    out = process.inputReader(StandardCharsets.UTF_8);
    err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
  }

  private static String all(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> java(List<String> options, String mainClass, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), mainClass));
    command.addAll(List.of(args));
    return command;
  }

  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  static ChildProcess start(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return new ChildProcess(builder);
  }

  /** The command in a JVM of its own. */
  static ChildProcess starcite(Path home, String... args) {
    return start(
        java(List.of("-Xmx64m"), Starcite.class.getName(), args),
        Map.of("STARCITE_HOME", home.toString()));
  }

  long pid() {
    return handle.pid();
  }

  Process process() {
    return process;
  }

  /** The next line of its output, or null at the end. */
  String line() {
    try {
      return out.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> remainingLines() {
    return out.lines().toList();
  }

  String err() {
    return err.join();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** As by {@code kill -9}: nothing of it runs any more when this returns. */
  void kill() throws InterruptedException {
    handle.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    handle.destroyForcibly();
  }
}
