package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.store.memory.MemorySegmentStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the gateway bears from clients")
class LimitsTest {
  private TestGateway gateway;

  @BeforeEach
  void start() {
    gateway =
        TestGateway.start(
            MemorySegmentStore.open(),
            options -> {
              options.maxEventBytes = 8 << 20;
              options.maxHeaderBytes = 4096;
              options.idleTimeoutSeconds = 1;
              options.bodyTimeoutSeconds = 1;
            });
    gateway.create("s");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private String send(String bytes) throws IOException {
    return RawHttp.send(gateway.gateway.port(), bytes);
  }

  private static void isError(String answer, int status, String name) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("Content-Type: application/json")
        .contains("{\"error\":\"" + name + "\",\"message\":");
  }

  @Test
  @DisplayName("headers that are too large are refused with 431")
  void headers() throws Exception {
    isError(
        send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(5000) + "\r\n\r\n"),
        431,
        "headers_too_large");
  }

  @Test
  @DisplayName("an address that is too long is refused")
  void address() throws Exception {
    assertThat(send("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 4")
        .contains("{\"error\":\"");
  }

  @Test
  @DisplayName("a body that stops coming is given up with 408")
  void stalledBody() throws Exception {
    isError(
        send(
            "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\n\r\n{"),
        408,
        "request_timeout");
  }

  @Test
  @DisplayName("a body that comes byte by byte is given up with 408")
  void trickledBody() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.gateway.port())) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      + "Content-Length: 1000000\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));
      Thread trickle =
          new Thread(
              () -> {
                try {
                  while (true) {
                    socket.getOutputStream().write(' ');
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                  }
                } catch (IOException ended) {
                  // The server has closed it, which is what is waited for.
                }
              });
      trickle.start();
      isError(RawHttp.read(socket), 408, "request_timeout");
      socket.shutdownOutput();
      trickle.join();
    }
  }

  @Test
  @DisplayName("a chunked body that is not chunked is refused with 400")
  void badChunks() throws Exception {
    isError(
        send(
            "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        400,
        "bad_request");
  }

  @Test
  @DisplayName("what is not HTTP is refused with 400, also versions that there are not yet")
  void notHttp() throws Exception {
    isError(send("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n"), 400, "bad_request");
    isError(send("\u0001\u0002\r\n\r\n"), 400, "bad_request");
    isError(send("GET / HTTP/1.1\r\n\r\n"), 400, "bad_request");
  }

  @Test
  @DisplayName("an event of 8 MiB passes if events may be so large, and comes back")
  void largest() {
    String text = "x".repeat((8 << 20) - 100);
    gateway
        .post(
            "/v1/sessions/s/append",
            "{\"type\":\"t\",\"producer_id\":\"p\",\"producer_seq\":1,\"payload\":{\"a\":\"%s\"}}"
                .formatted(text))
        .is(201);
    assertThat(gateway.get("/v1/sessions/s/tail").is(200).body()).contains(text);
    assertThat(SocketClient.open(gateway, "/v1/sessions/s/tail?follow=false&batch_size=9").all())
        .hasSize(1)
        .first()
        .asString()
        .contains(text);
  }
}
