package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.store.memory.MemorySegmentStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The life of a gateway")
class LifecycleTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path dir;

  private static HttpRequest append(String url, String producer, long seq) {
    return HttpRequest.newBuilder(URI.create(url + "/v1/sessions/s/append"))
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"type\":\"t\",\"payload\":{},\"producer_id\":\"%s\",\"producer_seq\":%d}"
                    .formatted(producer, seq)))
        .build();
  }

  private static void create(HttpClient http, String url) throws Exception {
    HttpResponse<String> created =
        http.send(
            HttpRequest.newBuilder(URI.create(url + "/v1/sessions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"s\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(created.statusCode()).isEqualTo(201);
  }

  @Test
  @DisplayName("kill -9 at any moment loses no acknowledged append")
  void killed() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    String store = "rocksdb:" + dir.resolve("data");
    Child child = Child.start(List.of(), "--store", store);
    create(http, child.url());
    int writers = 8;
    AtomicLong[] acknowledged = new AtomicLong[writers];
    List<CompletableFuture<Void>> running = new ArrayList<>();
    String url = child.url();
    for (int w = 0; w < writers; w++) {
      AtomicLong last = acknowledged[w] = new AtomicLong();
      String producer = "p" + w;
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (long seq = 1; ; seq++) {
                  try {
                    var answer =
                        http.send(append(url, producer, seq), HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() != 201) {
                      return;
                    }
                    last.set(seq);
                  } catch (Exception gone) {
                    return;
                  }
                }
              },
              task -> new Thread(task).start()));
    }
    Eventually.until(
        () -> java.util.Arrays.stream(acknowledged).mapToLong(AtomicLong::get).sum() > 400);
    child.kill();
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

    Child again = Child.start(List.of(), "--store", store);
    try {
      long[] found = new long[writers];
      long cursor = 0;
      long lastSeq;
      do {
        JsonNode page =
            MAPPER.readTree(
                http.send(
                        HttpRequest.newBuilder(
                                URI.create(
                                    again.url()
                                        + "/v1/sessions/s/tail?limit=1000&cursor="
                                        + cursor))
                            .build(),
                        HttpResponse.BodyHandlers.ofString())
                    .body());
        for (JsonNode event : page.path("events")) {
          int w = Integer.parseInt(event.path("producer_id").textValue().substring(1));
          assertThat(event.path("producer_seq").longValue()).isEqualTo(++found[w]);
        }
        cursor = page.path("next_cursor").longValue();
        lastSeq = page.path("last_seq").longValue();
      } while (cursor < lastSeq);
      for (int w = 0; w < writers; w++) {
        assertThat(found[w]).isGreaterThanOrEqualTo(acknowledged[w].get());
      }
    } finally {
      assertThat(again.stop()).isEqualTo(143);
    }
  }

  @Test
  @DisplayName("SIGTERM ends the process, with 1001 for its tails")
  void terminated() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    Child child = Child.start(List.of(), "--store", "memory:");
    create(http, child.url());
    SocketClient tail = new SocketClient();
    tail.socket =
        http.newWebSocketBuilder()
            .buildAsync(
                URI.create(child.url().replace("http:", "ws:") + "/v1/sessions/s/tail"), tail)
            .join();
    http.send(append(child.url(), "p", 1), HttpResponse.BodyHandlers.ofString());
    tail.next();

    assertThat(child.stop()).isEqualTo(143);
    assertThat(tail.closeCode()).isEqualTo(1001);
    assertThat(child.output()).contains("authentication is off").doesNotContain("Exception");
  }

  @Test
  @DisplayName("an append whose body is on its way is finished, while new requests are refused")
  void finishes() throws Exception {
    TestGateway gateway = TestGateway.start(MemorySegmentStore.open(), options -> {});
    gateway.create("s");
    String body = "{\"type\":\"t\",\"payload\":{},\"producer_id\":\"p\",\"producer_seq\":1}";
    CompletableFuture<Void> closing;
    try (Socket late = new Socket(InetAddress.getLoopbackAddress(), gateway.gateway.port());
        Socket early = new Socket(InetAddress.getLoopbackAddress(), gateway.gateway.port())) {
      // A connection that is open already can ask whether the gateway is ready.
      String ready = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
      assertThat(ask(early, ready)).startsWith("HTTP/1.1 200");
      OutputStream out = late.getOutputStream();
      out.write(
          ("POST /v1/sessions/s/append HTTP/1.1\r\n"
                  + "Host: localhost\r\n"
                  + "Content-Type: application/json\r\n"
                  + "Content-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body.substring(0, 10))
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      Eventually.until(() -> gateway.gateway.requestsUnderWay() == 1);
      closing = CompletableFuture.runAsync(gateway::close, task -> new Thread(task).start());
      Eventually.until(() -> ask(early, ready).startsWith("HTTP/1.1 503"));
      assertThat(ask(early, "GET /v1/sessions HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .contains("\"error\":\"shutting_down\"");

      out.write(body.substring(10).getBytes(StandardCharsets.US_ASCII));
      out.flush();
      assertThat(RawHttp.read(late)).startsWith("HTTP/1.1 201").contains("\"seq\":1");
    }
    closing.get(30, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("several gateways share a store that can be shared: append at one, tail at another")
  void shared() {
    MemorySegmentStore store = MemorySegmentStore.openShared();
    try (TestGateway one = TestGateway.start(store, options -> {});
        TestGateway other = TestGateway.start(store, options -> {})) {
      one.create("s");
      SocketClient tail = SocketClient.open(other, "/v1/sessions/s/tail");
      for (int i = 1; i <= 10; i++) {
        one.append("s", "a", i).is(201);
        other.append("s", "b", i).is(201);
      }
      for (int seq = 1; seq <= 20; seq++) {
        assertThat(tail.next()).startsWith("{\"seq\":" + seq + ",");
      }
      one.post("/v1/sessions/s/seal").is(200);
      assertThat(tail.closeCode()).isEqualTo(1000);
    }
  }

  private static String ask(Socket socket, String request) {
    try {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return RawHttp.read(socket);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
