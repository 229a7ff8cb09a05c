package ai.starcite.examples.gateway;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own. */
final class Child {
  private static final Pattern LISTENING = Pattern.compile("Listening on (http://\\S+)");

  private final Process process;
  private final Path output;
  private String url = "";

  private Child(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts it from the class path by its main class. */
  static Child start(List<String> jvmOptions, String... args) {
    List<String> java = new ArrayList<>(jvmOptions);
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), GatewayMain.class.getName()));
    return run(java, args);
  }

  /** Starts its jar, which is in the folder that it runs in. */
  static Child startJar(String... args) {
    return run(List.of("-jar", "starcite-gateway.jar"), args);
  }

  /** Starts it on a free port, unless the arguments name one, and waits until it listens. */
  private static Child run(List<String> java, String... args) {
    try {
      Path output = Files.createTempFile("gateway", ".log");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(java);
      command.addAll(List.of(args));
      if (!command.contains("--port")) {
        command.addAll(List.of("--port", "0"));
      }
      Process process =
          new ProcessBuilder(command)
              .directory(new File("target"))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      Child child = new Child(process, output);
      Eventually.until(
          () -> {
            Matcher matcher = LISTENING.matcher(child.output());
            if (!matcher.find()) {
              if (!process.isAlive()) {
                throw new AssertionError("the gateway has ended: " + child.output());
              }
              return false;
            }
            child.url = matcher.group(1);
            return true;
          });
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return url;
  }

  int port() {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM. */
  int stop() {
    process.destroy();
    return ended();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    ended();
  }

  private int ended() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the gateway does not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
