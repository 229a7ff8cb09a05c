package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.store.memory.MemorySegmentStore;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Tails over HTTP: pages and event streams")
class TailOverHttpTest {
  private static final String TAIL = "/v1/sessions/s/tail";

  private TestGateway gateway;

  @BeforeEach
  void start() {
    gateway =
        TestGateway.start(
            MemorySegmentStore.open(),
            options -> options.keepAliveInterval = Duration.ofMillis(100));
    gateway.create("s");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  /** Lines of an event stream as they come. */
  private final class Stream implements AutoCloseable {
    final HttpResponse<InputStream> response;
    final BufferedReader lines;

    Stream(String path, String... headers) throws Exception {
      var request = gateway.to(path).header("Accept", "text/event-stream");
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      response = gateway.http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next event with data, as its id and its data. */
    String next() throws IOException {
      String id = null;
      StringBuilder data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          data.append(data.length() == 0 ? "" : "\n").append(line, 6, line.length());
        } else if (data.length() > 0) {
          return id + " " + data;
        }
      }
      return "end " + id;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  @Test
  @DisplayName("a page has the events after the cursor, and says where the next one begins")
  void pages() {
    for (int i = 1; i <= 5; i++) {
      gateway.append("s", i % 2 == 0 ? "b" : "a", (i + 1) / 2).is(201);
    }

    JsonNode first = gateway.get(TAIL + "?limit=2").is(200).json();
    assertThat(first.path("events")).hasSize(2);
    assertThat(first.path("next_cursor").longValue()).isEqualTo(2);
    assertThat(first.path("last_seq").longValue()).isEqualTo(5);
    JsonNode rest = gateway.get(TAIL + "?cursor=2&agent=b").is(200).json();
    assertThat(rest.path("events")).hasSize(1);
    assertThat(rest.path("next_cursor").longValue()).isEqualTo(5);
    assertThat(gateway.get(TAIL + "?type=other").json().path("events")).isEmpty();
    gateway.send(gateway.to(TAIL)).is(200);
  }

  @Test
  @DisplayName("what is wrong with a request for a tail has its name")
  void errors() {
    assertThat(
            gateway
                .get(TAIL + "?cursor=7")
                .isError(409, "cursor_ahead")
                .json()
                .path("current_seq")
                .longValue())
        .isZero();
    gateway.get(TAIL + "?cursor=-1").isError(400, "invalid_cursor");
    gateway.get(TAIL + "?cursor=x").isError(400, "invalid_cursor");
    gateway.get(TAIL + "?limit=0").isError(400, "invalid_limit");
    gateway.get(TAIL + "?wait=61").isError(400, "invalid_limit");
    gateway.get(TAIL + "?batch_size=1001").isError(400, "invalid_limit");
    gateway.get(TAIL + "?follow=maybe").isError(400, "invalid_list_query");
    gateway.get(TAIL + "?incarnation=other").isError(404, "session_not_found");
    gateway
        .send(gateway.to(TAIL).header("Accept", "text/plain"))
        .isError(400, "invalid_websocket_upgrade");
    for (String query : new String[] {"?cursor=7", "?incarnation=other"}) {
      TestGateway.Answer answer =
          gateway.send(gateway.to(TAIL + query).header("Accept", "text/event-stream"));
      answer.isError(
          query.contains("cursor") ? 409 : 404,
          query.contains("cursor") ? "cursor_ahead" : "session_not_found");
    }
  }

  @Test
  @DisplayName("a long poll waits for the event that comes")
  void longPoll() throws Exception {
    CompletableFuture<HttpResponse<String>> poll =
        gateway.http.sendAsync(
            gateway.to(TAIL + "?wait=60").build(), HttpResponse.BodyHandlers.ofString());
    Eventually.until(() -> gateway.get("/metrics").body().contains("starcite_tails_open 1.0"));
    gateway.append("s", "a", 1).is(201);

    HttpResponse<String> answer = poll.get(30, TimeUnit.SECONDS);

    assertThat(answer.body()).contains("\"text\":\"a 1\"").contains("\"next_cursor\":1");
    Eventually.until(() -> gateway.get("/metrics").body().contains("starcite_tails_open 0.0"));
  }

  @Test
  @DisplayName("a long poll in vain, or of a sealed session, answers an empty page")
  void longPollInVain() {
    assertThat(gateway.get(TAIL + "?wait=1").is(200).body())
        .isEqualTo("{\"events\":[],\"next_cursor\":0,\"last_seq\":0}");
    gateway.post("/v1/sessions/s/seal").is(200);
    assertThat(gateway.get(TAIL + "?wait=60").is(200).json().path("events")).isEmpty();
  }

  @Test
  @DisplayName("a long poll of a session that is deleted meanwhile answers 404")
  void longPollDeleted() throws Exception {
    CompletableFuture<HttpResponse<String>> poll =
        gateway.http.sendAsync(
            gateway.to(TAIL + "?wait=60").build(), HttpResponse.BodyHandlers.ofString());
    Eventually.until(() -> gateway.get("/metrics").body().contains("starcite_tails_open 1.0"));
    gateway.send(gateway.to("/v1/sessions/s").DELETE()).is(204);

    assertThat(poll.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("an event stream replays, goes on live, and its ids are the seqs")
  void stream() throws Exception {
    gateway.append("s", "a", 1).is(201);
    try (Stream stream = new Stream(TAIL)) {
      assertThat(stream.response.headers().firstValue("Content-Type"))
          .hasValue("text/event-stream");
      assertThat(stream.next()).startsWith("1 {\"seq\":1,");
      gateway.append("s", "a", 2).is(201);
      assertThat(stream.next()).startsWith("2 {\"seq\":2,");
    }
  }

  @Test
  @DisplayName("Last-Event-ID wins over the cursor")
  void lastEventId() throws Exception {
    for (int i = 1; i <= 3; i++) {
      gateway.append("s", "a", i).is(201);
    }
    try (Stream stream = new Stream(TAIL + "?cursor=0", "Last-Event-ID", "2")) {
      assertThat(stream.next()).startsWith("3 {\"seq\":3,");
    }
  }

  @Test
  @DisplayName("line breaks within a payload come out as they went in")
  void lineBreaks() throws Exception {
    gateway
        .post(
            "/v1/sessions/s/append",
            "{\"type\":\"t\",\"producer_id\":\"p\",\"producer_seq\":1,\"payload\":{\n\n"
                + " \"a\":\n"
                + "1}}")
        .is(201);
    try (Stream stream = new Stream(TAIL)) {
      assertThat(stream.next()).contains("\"payload\":{\n\n \"a\":\n1},");
    }
  }

  @Test
  @DisplayName("a payload as deep as it may be comes back on every face")
  void deepest() throws Exception {
    String deep = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
    gateway
        .post(
            "/v1/sessions/s/append",
            "{\"type\":\"t\",\"producer_id\":\"p\",\"producer_seq\":1,\"payload\":" + deep + "}")
        .is(201);

    assertThat(gateway.get(TAIL).is(200).body()).contains(deep);
    try (Stream stream = new Stream(TAIL)) {
      assertThat(stream.next()).contains(deep);
    }
    for (String query : new String[] {"", "&batch_size=256"}) {
      SocketClient tail = SocketClient.open(gateway, TAIL + "?follow=false" + query);
      assertThat(tail.all()).hasSize(1).first().asString().contains(deep);
    }
  }

  @Test
  @DisplayName("an idle stream says how far it has scanned")
  void keepAlive() throws Exception {
    gateway.append("s", "a", 1).is(201);
    gateway.append("s", "a", 2).is(201);
    try (Stream stream = new Stream(TAIL + "?agent=other")) {
      String line = stream.lines.readLine();
      while (!line.equals("id: 2")) {
        line = stream.lines.readLine();
      }
      assertThat(stream.lines.readLine()).isEmpty();
    }
  }

  @Test
  @DisplayName("at the end of a sealed session the stream ends, and the browser's return is 204")
  void sealedEnd() throws Exception {
    gateway.append("s", "a", 1).is(201);
    gateway.append("s", "b", 1).is(201);
    try (Stream stream = new Stream(TAIL + "?agent=a")) {
      assertThat(stream.next()).startsWith("1 ");
      gateway.post("/v1/sessions/s/seal").is(200);
      // Beyond the last event that it was shown, so that it does not come back forever.
      assertThat(stream.next()).isEqualTo("end 2");
    }
    assertThat(
            gateway
                .send(
                    gateway
                        .to(TAIL + "?agent=a")
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", "2"))
                .status())
        .isEqualTo(204);
    try (Stream bounded = new Stream(TAIL + "?follow=false")) {
      assertThat(bounded.next()).startsWith("1 ");
      assertThat(bounded.next()).startsWith("2 ");
      assertThat(bounded.next()).isEqualTo("end 2");
    }
  }

  @Test
  @DisplayName("a stream of a deleted session ends, and its return is 404")
  void deleted() throws Exception {
    gateway.append("s", "a", 1).is(201);
    try (Stream stream = new Stream(TAIL)) {
      assertThat(stream.next()).startsWith("1 ");
      gateway.send(gateway.to("/v1/sessions/s").DELETE()).is(204);
      assertThat(stream.next()).startsWith("end");
    }
    gateway
        .send(gateway.to(TAIL).header("Accept", "text/event-stream"))
        .isError(404, "session_not_found");
  }
}
