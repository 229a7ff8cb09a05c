package ai.starcite.examples.quickstart;

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

/** Runs {@link CrashingWriter} in a JVM of its own, and kills it while it appends. */
final class WriterProcess {
  private static final int MAX_SECONDS = 60;

  private WriterProcess() {}

  /**
   * Starts the writer, lets it append for a while, and kills it.
   *
   * @return how many events were acknowledged before it died: those from 1 to this one
   */
  static long runAndKill(Path directory, String sessionId, int afterEvents) throws Exception {
    Path parent = Files.createDirectories(directory.toAbsolutePath().getParent());
    Path temporary = Files.createTempDirectory(parent, "quickstart-tmp");
    try {
      return runAndKill(directory, sessionId, afterEvents, temporary);
    } finally {
      Directories.delete(temporary);
    }
  }

  private static long runAndKill(Path directory, String sessionId, int afterEvents, Path temporary)
      throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                // RocksDB unpacks its library there, and cannot delete it when it is killed.
                "-Djava.io.tmpdir=" + temporary,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath(),
                CrashingWriter.class.getName(),
                directory.toString(),
                sessionId)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Through its handle: Process.destroyForcibly() would also throw away what it has said.
    ProcessHandle handle = process.toHandle();
    CompletableFuture.delayedExecutor(MAX_SECONDS, TimeUnit.SECONDS)
        .execute(handle::destroyForcibly);

    long acknowledged = 0;
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        // The JVM may have said something, too. A last line that is cut off changes nothing.
        if (line.matches(CrashingWriter.ACKNOWLEDGED + "\\d+")) {
          long number = Long.parseLong(line.substring(CrashingWriter.ACKNOWLEDGED.length()));
          acknowledged = Math.max(acknowledged, number);
        }
        if (acknowledged >= afterEvents) {
          handle.destroyForcibly();
        }
      }
    }
    int exitCode = process.waitFor();
    if (acknowledged < afterEvents) {
      throw new IOException(
          "the writer ended with exit code %d after %d events; it should have been killed after %d"
              .formatted(exitCode, acknowledged, afterEvents));
    }
    return acknowledged;
  }

  /** What this class was loaded from, with all that it needs. */
  private static String classPath() throws URISyntaxException {
    // Inside exec:java the system property names only Maven's own launcher.
    if (WriterProcess.class.getClassLoader() instanceof URLClassLoader loader) {
      List<String> files = new ArrayList<>();
      for (URL url : loader.getURLs()) {
        files.add(Path.of(url.toURI()).toString());
      }
      return String.join(File.pathSeparator, files);
    }
    return System.getProperty("java.class.path");
  }
}
