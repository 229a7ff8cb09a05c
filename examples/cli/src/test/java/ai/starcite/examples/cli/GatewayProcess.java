package ai.starcite.examples.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A gateway in a JVM of its own, on a directory. */
final class GatewayProcess implements AutoCloseable {
  private static final String LISTENING = "Listening on ";

  private final ChildProcess process;
  private final String url;

  private GatewayProcess(ChildProcess process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts a gateway; port 0 takes a free one. */
  static GatewayProcess start(Path directory, int port, String... options) {
    List<String> args =
        new ArrayList<>(
            List.of("--port", Integer.toString(port), "--store", "rocksdb:" + directory));
    args.addAll(List.of(options));
    ChildProcess process =
        ChildProcess.start(
            ChildProcess.java(
                List.of("-Xmx256m"),
                "ai.starcite.examples.gateway.GatewayMain",
                args.toArray(String[]::new)),
            Map.of());
    for (String line = process.line(); line != null; line = process.line()) {
      if (line.startsWith(LISTENING)) {
        return new GatewayProcess(process, line.substring(LISTENING.length()));
      }
    }
    throw new IllegalStateException("the gateway did not start: " + process.err());
  }

  String url() {
    return url;
  }

  int port() {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  long pid() {
    return process.pid();
  }

  void kill() throws InterruptedException {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }
}
