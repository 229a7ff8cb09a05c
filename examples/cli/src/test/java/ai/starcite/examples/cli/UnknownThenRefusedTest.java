package ai.starcite.examples.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An append whose first attempt has no answer")
@Timeout(60)
class UnknownThenRefusedTest {
  private static final String SESSION =
      """
      {"id":"x","metadata":{},"created_at":"2026-01-01T00:00:00Z",
       "updated_at":"2026-01-01T00:00:00Z","version":1,"archived":false,"sealed":false,
       "incarnation":"i","last_seq":0}
      """;

  @TempDir Path work;

  @Test
  @DisplayName("stays unknown if the next one is refused before anybody looks for it")
  void stillUnknown() throws Exception {
    AtomicInteger appends = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          if (exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 200, SESSION);
          } else if (appends.getAndIncrement() > 0) {
            answer(
                exchange, 401, "{\"code\":\"UNAUTHORIZED\",\"error\":\"the token has expired\"}");
          } else {
            exchange.close();
          }
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      Run run =
          new Run.Surroundings(work.resolve("home"))
              .run("append", "x", "--text", "t", "--url", url, "--token", "t");
      CommandContract.assertFails(run, 6, "may have been stored");
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
