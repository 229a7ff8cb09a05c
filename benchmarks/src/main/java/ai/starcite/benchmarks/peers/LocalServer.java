package ai.starcite.benchmarks.peers;

import ai.starcite.benchmarks.measure.Directories;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the programs of a database server, as a user who is not root, in a directory of its own. */
final class LocalServer {
  private static final Path DEBIAN_POSTGRES = Path.of("/usr/lib/postgresql");
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private final Path directory;
  private final String user;

  /** Makes the directory, for a user to whom it belongs if this process is root's. */
  LocalServer(Path directory, String user) throws IOException, InterruptedException {
    this.directory = Files.createDirectories(directory).toAbsolutePath();
    this.user = user;
    if (ROOT) {
      finish(List.of("chown", user, this.directory.toString()));
    }
  }

  /** Where a program is on this machine, if it is. */
  static Optional<Path> find(String program) {
    List<Path> candidates = new ArrayList<>();
    for (String each : System.getenv().getOrDefault("PATH", "").split(":")) {
      candidates.add(Path.of(each));
    }
    if (Files.isDirectory(DEBIAN_POSTGRES)) {
      try (Stream<Path> versions = Files.list(DEBIAN_POSTGRES)) {
        versions
            .sorted(Comparator.comparing(Path::toString).reversed())
            .forEach(version -> candidates.add(version.resolve("bin")));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return candidates.stream()
        .map(each -> each.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** What a program says of its version, if it is there. */
  static Optional<String> version(String program) throws IOException {
    Optional<Path> found = find(program);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Process process =
        new ProcessBuilder(found.get().toString(), "--version").redirectErrorStream(true).start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      return Optional.ofNullable(output.readLine());
    }
  }

  Path directory() {
    return directory;
  }

  /** Runs a program to its end. */
  void run(String... command) throws IOException, InterruptedException {
    finish(asUser(command));
  }

  /** Starts a program that goes on, and ends with this process at the latest. */
  Process start(String... command) throws IOException {
    Process process =
        new ProcessBuilder(asUser(command))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("server.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return process;
  }

  /** Ends a program and deletes the directory. */
  void stop(Process process) throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    Directories.delete(directory);
  }

  private List<String> asUser(String... command) {
    List<String> all = new ArrayList<>();
    if (ROOT) {
      all.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--init-groups", "--"));
    }
    all.addAll(Arrays.asList(command));
    return all;
  }

  private void finish(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("starcite-server", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command + " failed: " + Files.readString(output));
      }
    } finally {
      Files.delete(output);
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
