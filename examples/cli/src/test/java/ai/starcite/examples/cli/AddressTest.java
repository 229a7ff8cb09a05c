package ai.starcite.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Where the sessions are")
@Timeout(120)
class AddressTest {
  @TempDir Path work;

  private Run.Surroundings surroundings() {
    return new Run.Surroundings(work.resolve("home"));
  }

  @Test
  @DisplayName("has to be said once, by options or the environment")
  void said() {
    CommandContract.assertFails(
        surroundings().run("sessions", "list"), 2, "--data", "--url", "STARCITE_URL");
    CommandContract.assertFails(
        surroundings().run("sessions", "list", "--data", "d", "--url", "http://h"), 2, "exclude");
    CommandContract.assertFails(
        surroundings()
            .with("STARCITE_DATA", "d")
            .with("STARCITE_URL", "http://h")
            .run("sessions", "list"),
        2,
        "both");
    CommandContract.assertFails(
        surroundings().run("sessions", "list", "--url", "ftp://h"), 2, "--url");
    CommandContract.assertFails(
        surroundings().run("sessions", "list", "--url", "http://h", "--timeout", "0"),
        2,
        "--timeout");
    CommandContract.assertFails(surroundings().run("verify", "--url", "http://h"), 2, "--data");
  }

  @Test
  @DisplayName("may be said before the command, behind it, or by STARCITE_DATA")
  void placesOfOptions() {
    String data = work.resolve("sessions").toString();
    CommandContract.succeeded(surroundings().run("--data", data, "create", "--id", "a"));
    assertThat(surroundings().run("sessions", "list", "--data", data).out()).startsWith("a ");
    assertThat(surroundings().with("STARCITE_DATA", data).run("sessions", "list").out())
        .startsWith("a ");
  }

  @Test
  @DisplayName("is not made by a command that only reads")
  void noStore() {
    Path missing = work.resolve("missing");
    CommandContract.assertFails(
        surroundings().run("sessions", "list", "--data", missing.toString()), 7, "create");
    assertThat(missing).doesNotExist();
  }

  @Test
  @DisplayName("fails with 7 if no gateway answers, with 1 if it is something else")
  void noGateway() throws Exception {
    CommandContract.assertFails(
        surroundings().run("show", "x", "--url", "http://127.0.0.1:1"), 7, "cannot reach");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      CommandContract.assertFails(surroundings().run("show", "x", "--url", url), 1, "no gateway");
      CommandContract.assertFails(surroundings().run("tail", "x", "--url", url), 1, "no gateway");
    } finally {
      server.stop(0);
    }
  }

  @Test
  @DisplayName("may need a token: without a fitting one it fails with 8")
  void token() throws Exception {
    Path tokens =
        Files.writeString(work.resolve("tokens"), "secret-1 session:create,session:read\n");
    try (GatewayProcess gateway =
        GatewayProcess.start(work.resolve("sessions"), 0, "--auth-token-file", tokens.toString())) {
      CommandContract.assertFails(
          surroundings().run("sessions", "list", "--url", gateway.url()), 8, "--token");
      CommandContract.assertFails(
          surroundings().run("sessions", "list", "--url", gateway.url(), "--token", "wrong"), 8);
      CommandContract.assertFails(
          surroundings().run("tail", "x", "--url", gateway.url(), "--token", "wrong"), 8);
      CommandContract.succeeded(
          surroundings()
              .with("STARCITE_TOKEN", "secret-1")
              .run("create", "--id", "x", "--url", gateway.url()));
      CommandContract.succeeded(
          surroundings()
              .run("tail", "x", "--no-follow", "--url", gateway.url(), "--token", "secret-1"));
      CommandContract.assertFails(
          surroundings()
              .run("append", "x", "--text", "t", "--url", gateway.url(), "--token", "secret-1"),
          8);
    }
  }
}
