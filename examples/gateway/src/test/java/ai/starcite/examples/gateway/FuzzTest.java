package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Requests that nobody should send")
class FuzzTest {
  private static final int REQUESTS = 10_000;
  private static final int SENDERS = 4;
  private static final String[] PATHS = {
    "/",
    "/v1/sessions",
    "/v1/sessions/s",
    "/v1/sessions/s/append",
    "/v1/sessions/s/tail",
    "/v1/sessions/s/seal%00",
    "/v1/sessions/%ff/tail",
    "/v1/sessions//append",
    "/v1/../../x",
    "/v1/sessions/s/tail?cursor=%zz&limit=-1&batch_size=9999999999999999999",
    "/v1/sessions?limit=%&cursor=%00&metadata[=x&metadata.=&archived=%e2",
    "/metrics",
    "*",
    "//",
    "http://other/v1/sessions",
    "/v1/sessions/s/tail?follow=&agent=&type=&incarnation=",
  };
  private static final String[] METHODS = {
    "GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "X\u00ff"
  };
  private static final String[] HEADERS = {
    "Content-Type: application/json",
    "Content-Type: application/json;charset=\"",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Content-Length: 5\r\nContent-Length: 6",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked, x",
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13",
    "Upgrade: websocket\r\n"
        + "Connection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: x",
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: ;;=,",
    "Accept: text/event-stream\r\nLast-Event-ID: x",
    "Accept: \u0000",
    "Authorization: Bearer",
    "Expect: 100-continue",
    "Expect: other",
    "Origin: null",
    "Host",
    ": x",
    " folded",
    "Cookie: =;;\u0001",
    "If-None-Match: \"",
  };
  private static final String[] BODIES = {
    "",
    "{",
    "[]",
    "null",
    "{\"id\":{}}",
    "{\"id\":\"\\ud800\"}",
    "{\"type\":1,\"payload\":[]}",
    "{\"type\":\"t\",\"payload\":{\"a\":1,\"a\":2},\"producer_id\":\"p\",\"producer_seq\":1}",
    "{\"type\":\"t\",\"payload\":{},\"producer_id\":{},\"producer_seq\":[]}",
    "{\"type\":\"t\",\"payload\":{},\"producer_id\":\"p\",\"producer_seq\":1e999999999}",
    "{\"metadata\":{\"a\":" + "[".repeat(5000) + "}}",
    "\u0000\u00ff\u00fe",
    "zz\r\n",
    "5\r\nabc",
    "{\"title\":\"\\u0000\",\"expected_version\":-0}",
  };

  @Test
  @DisplayName("10,000 of them get a clear 4xx, never a 5xx or a stack trace, and leave no thread")
  void fuzz() throws Exception {
    try (TestGateway gateway = TestGateway.start("--idle-timeout", "2", "--body-timeout", "2")) {
      gateway.create("s");
      ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        long seed = i;
        runs.add(senders.submit(() -> run(gateway.gateway.port(), new Random(seed))));
      }
      for (Future<?> run : runs) {
        run.get();
      }
      senders.shutdown();
      gateway.get("/v1/sessions").is(200);
      Eventually.until(() -> gateway.get("/metrics").body().contains("starcite_tails_open 0.0"));
      // The request that asks is the one under way.
      Eventually.until(() -> gateway.gateway.requestsUnderWay() == 0);
    }
    Eventually.until(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("starcite-")));
  }

  private static Void run(int port, Random random) throws IOException {
    for (int i = 0; i < REQUESTS / SENDERS; i++) {
      byte[] request = request(random);
      String answer = exchange(port, request);
      String shown = new String(request, StandardCharsets.ISO_8859_1);
      if (!answer.isEmpty()) {
        // Without a version in the request there is no status line in the answer: HTTP 0.9.
        assertThat(answer)
            .as(shown)
            .matches("(?s)(HTTP/1\\.[01] [1-4]\\d\\d |\\{\"error\":\"bad_request\").*");
        assertThat(answer).as(shown).doesNotContain("Exception", "\tat ", "org.eclipse");
      }
    }
    return null;
  }

  private static byte[] request(Random random) {
    StringBuilder request = new StringBuilder();
    request.append(pick(random, METHODS)).append(' ').append(pick(random, PATHS));
    request.append(random.nextInt(20) == 0 ? " HTTP/7" : " HTTP/1.1").append("\r\n");
    if (random.nextInt(10) != 0) {
      request.append("Host: localhost\r\n");
    }
    for (int headers = random.nextInt(4); headers > 0; headers--) {
      request.append(pick(random, HEADERS)).append("\r\n");
    }
    String body = pick(random, BODIES);
    if (random.nextInt(3) != 0) {
      request.append("Content-Type: application/json\r\nContent-Length: ");
      request.append(body.length()).append("\r\n");
    }
    request.append("\r\n").append(body);
    byte[] bytes = request.toString().getBytes(StandardCharsets.ISO_8859_1);
    for (int flips = random.nextInt(3); flips > 0; flips--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static String pick(Random random, String[] from) {
    return from[random.nextInt(from.length)];
  }

  /** Sends all there is, says so, and reads what comes back. */
  private static String exchange(int port, byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
      } catch (SocketException refused) {
        // Refused before all was sent.
      }
      return RawHttp.read(socket);
    }
  }
}
