package ai.starcite.examples.support;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program in a JVM of its own, and kills it in the middle of its work. */
public final class KilledProcess {
  private static final String ACKNOWLEDGED = "acknowledged ";
  private static final int MAX_SECONDS = 60;

  private KilledProcess() {}

  /**
   * Starts a program that appends to a session, and says {@code acknowledged N} for each event.
   *
   * @param program the class whose {@code main} takes the folder of a store and the session's id
   * @param enough the number after which it is killed
   * @param store the folder of the store
   * @param sessionId the session
   * @return the number of the last event that was acknowledged
   */
  public static long run(Class<?> program, long enough, Path store, String sessionId)
      throws Exception {
    Path parent = Files.createDirectories(store.toAbsolutePath().getParent());
    Path temporary = Files.createTempDirectory(parent, "quickstart-tmp");
    try {
      return run(command(program, temporary, store.toString(), sessionId), enough);
    } finally {
      Directories.delete(temporary);
    }
  }

  private static List<String> command(Class<?> program, Path temporary, String... arguments)
      throws URISyntaxException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    // RocksDB unpacks its library there, and cannot delete it when it is killed.
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of("-cp", classPath(program), program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static long run(List<String> command, long enough) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // Through its handle: Process.destroyForcibly() would also throw away what it has said.
    ProcessHandle handle = process.toHandle();
    CompletableFuture.delayedExecutor(MAX_SECONDS, TimeUnit.SECONDS)
        .execute(handle::destroyForcibly);

    long acknowledged = 0;
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        // The JVM may have said something, too. A last line that is cut off changes nothing.
        if (line.matches(ACKNOWLEDGED + "\\d+")) {
          acknowledged =
              Math.max(acknowledged, Long.parseLong(line.substring(ACKNOWLEDGED.length())));
        }
        if (acknowledged >= enough) {
          handle.destroyForcibly();
        }
      }
    }
    int exitCode = process.waitFor();
    if (acknowledged < enough) {
      throw new IOException(
          "the writer ended with exit code %d after %d events; it should have been killed after %d"
              .formatted(exitCode, acknowledged, enough));
    }
    return acknowledged;
  }

  /** What a class was loaded from, with all that it needs. */
  private static String classPath(Class<?> program) throws URISyntaxException {
    // Inside exec:java the system property names only Maven's own launcher.
    if (program.getClassLoader() instanceof URLClassLoader loader) {
      List<String> files = new ArrayList<>();
      for (URL url : loader.getURLs()) {
        files.add(Path.of(url.toURI()).toString());
      }
      return String.join(File.pathSeparator, files);
    }
    return System.getProperty("java.class.path");
  }
}
