package ai.starcite.examples.agentruntime;

import ai.starcite.SessionLog;
import ai.starcite.chat.Transcript;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An agent that dies in the middle of an answer, comes back and goes on, each life in a JVM of its
 * own; then the conversation as its log has it.
 */
public final class AgentDemo {
  private AgentDemo() {}

  /** Runs the demo in a new directory under {@code target}. */
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path classes =
        Path.of(AgentDemo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path target = classes.toRealPath().getParent();
    Path directory = Files.createTempDirectory(target, "agent-demo").resolve("sessions");
    out.println("The log is in " + directory);
    life(directory, 0, "say", "Hello!");
    life(directory, AgentProcess.HALTED, "halt", "5", "What is the weather like in Lisbon?");
    out.println("The agent died in the middle of its answer. It starts again, and goes on:");
    life(directory, 0, "resume");
    life(directory, 0, "say", "Thank you.");
    out.println();
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(directory))) {
      Transcript transcript = AgentProcess.transcript(log);
      AgentProcess.print(transcript.entries(), out);
    }
  }

  private static void life(Path directory, int expectedExitCode, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    // RocksDB unpacks its library there, and cannot delete it when it is killed.
    command.add("-Djava.io.tmpdir=" + directory.getParent());
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of("-cp", classPath(), AgentProcess.class.getName()));
    command.add(directory.toString());
    command.addAll(List.of(args));
    int exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exitCode != expectedExitCode) {
      throw new IOException(
          "the agent ended with exit code " + exitCode + ", not with " + expectedExitCode);
    }
  }

  /** What this class was loaded from, with all that it needs. */
  private static String classPath() throws URISyntaxException {
    // Inside exec:java the system property names only Maven's own launcher.
    if (AgentDemo.class.getClassLoader() instanceof URLClassLoader loader) {
      List<String> files = new ArrayList<>();
      for (URL url : loader.getURLs()) {
        files.add(Path.of(url.toURI()).toString());
      }
      return String.join(System.getProperty("path.separator"), files);
    }
    return System.getProperty("java.class.path");
  }
}
