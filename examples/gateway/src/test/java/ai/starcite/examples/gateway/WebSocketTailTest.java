package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.store.memory.MemorySegmentStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Tails on WebSockets")
class WebSocketTailTest {
  private static final String TAIL = "/v1/sessions/s/tail";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TestGateway gateway;

  @BeforeEach
  void start() {
    gateway =
        TestGateway.start(
            MemorySegmentStore.open(),
            options -> {
              options.pingInterval = Duration.ofMillis(100);
              options.maxTailsPerClient = 3;
            });
    gateway.create("s");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  @DisplayName("replay and live frames look the same: an event each, without nulls")
  void frames() throws Exception {
    gateway.append("s", "a", 1).is(201);
    SocketClient tail = SocketClient.open(gateway, TAIL);
    JsonNode replayed = MAPPER.readTree(tail.next());
    gateway.append("s", "a", 2).is(201);
    JsonNode live = MAPPER.readTree(tail.next());

    assertThat(replayed.path("seq").longValue()).isEqualTo(1);
    assertThat(live.path("seq").longValue()).isEqualTo(2);
    assertThat(names(replayed)).isEqualTo(names(live));
    assertThat(names(live))
        .containsExactly(
            "seq", "type", "payload", "actor", "producer_id", "producer_seq", "inserted_at");
    tail.socket.abort();
  }

  private static List<String> names(JsonNode event) {
    List<String> names = new ArrayList<>();
    event.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  @DisplayName("with a batch size above one every frame is an array, no longer than that")
  void batches() throws Exception {
    for (int i = 1; i <= 20; i++) {
      gateway.append("s", i % 2 == 0 ? "a" : "b", (i + 1) / 2).is(201);
    }
    SocketClient tail = SocketClient.open(gateway, TAIL + "?cursor=1&batch_size=7&follow=false");
    List<Long> seqs = new ArrayList<>();
    for (String frame : tail.all()) {
      JsonNode array = MAPPER.readTree(frame);
      assertThat(array.isArray()).isTrue();
      assertThat(array.size()).isBetween(1, 7);
      array.forEach(event -> seqs.add(event.path("seq").longValue()));
    }

    assertThat(seqs)
        .containsExactly(
            2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
    assertThat(tail.closeCode()).isEqualTo(1000);
  }

  @Test
  @DisplayName("filters by agent and type are the log's")
  void filters() {
    gateway.append("s", "a", 1).is(201);
    gateway.append("s", "b", 1).is(201);
    SocketClient tail =
        SocketClient.open(gateway, TAIL + "?agent=b&type=message&type=other&follow=false");

    assertThat(tail.all()).hasSize(1).first().asString().contains("\"actor\":\"agent:b\"");
  }

  @Test
  @DisplayName("1000 comes at the end of a sealed session only, after its last event")
  void sealed() {
    SocketClient tail = SocketClient.open(gateway, TAIL);
    gateway.append("s", "a", 1).is(201);
    gateway.post("/v1/sessions/s/seal").is(200);

    assertThat(tail.all()).hasSize(1);
    assertThat(tail.closeCode()).isEqualTo(1000);
  }

  @Test
  @DisplayName("4404 says that the session was deleted")
  void deleted() {
    SocketClient tail = SocketClient.open(gateway, TAIL);
    gateway.send(gateway.to("/v1/sessions/s").DELETE()).is(204);

    assertThat(tail.closeCode()).isEqualTo(4404);
  }

  @Test
  @DisplayName("4409 says that the cursor is ahead, after a frame that says where the end is")
  void ahead() {
    gateway.append("s", "a", 1).is(201);
    SocketClient tail = SocketClient.open(gateway, TAIL + "?cursor=5");

    assertThat(tail.next())
        .isEqualTo(
            "{\"type\":\"gap\",\"reason\":\"cursor_ahead\",\"from_cursor\":5,\"next_cursor\":1,"
                + "\"earliest_available_cursor\":0,\"committed_cursor\":1}");
    assertThat(tail.closeCode()).isEqualTo(4409);
    assertThat(tail.reason).isEqualTo("cursor_ahead");
  }

  @Test
  @DisplayName("1001 says that the gateway is being stopped")
  void shutdown() {
    SocketClient tail = SocketClient.open(gateway, TAIL);
    gateway.close();

    assertThat(tail.closeCode()).isEqualTo(1001);
  }

  @Test
  @DisplayName("the server pings")
  void pings() {
    SocketClient tail = SocketClient.open(gateway, TAIL);

    tail.pinged.orTimeout(30, TimeUnit.SECONDS).join();
    tail.socket.abort();
  }

  @Test
  @DisplayName("what can be refused before the upgrade is refused in HTTP")
  void refusals() {
    assertThat(refused("/v1/sessions/no/tail")).isEqualTo(404);
    assertThat(refused(TAIL + "?cursor=x")).isEqualTo(400);
    assertThat(refused(TAIL + "?batch_size=0")).isEqualTo(400);
    assertThat(refused(TAIL + "?incarnation=other")).isEqualTo(404);
    assertThat(refused("/v1/sessions/s")).isEqualTo(404);
  }

  private int refused(String path) {
    return SocketClient.refused(gateway.http, gateway, path);
  }

  @Test
  @DisplayName("a handshake that is none is an invalid upgrade, in the form of all errors")
  void badHandshakes() throws Exception {
    for (String headers :
        new String[] {
          "Upgrade: websocket\r\nConnection: Upgrade\r\n",
          "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
          "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 12\r\n"
              + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
          "Upgrade: other\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
        }) {
      String answer =
          RawHttp.send(
              gateway.gateway.port(),
              "GET " + TAIL + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
      assertThat(answer)
          .as(headers)
          .startsWith("HTTP/1.1 400 ")
          .contains("{\"error\":\"invalid_websocket_upgrade\",\"message\":");
    }
  }

  @Test
  @DisplayName("a client has as many tails as it may have, and gets one back for each it closes")
  void limit() {
    List<SocketClient> tails = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tails.add(SocketClient.open(gateway, TAIL));
    }
    assertThat(refused(TAIL)).isEqualTo(429);
    TestGateway.Answer answer =
        gateway.send(gateway.to(TAIL).header("Accept", "text/event-stream"));
    answer.isError(429, "backpressure");
    assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
    tails.get(0).socket.sendClose(1000, "").join();

    Eventually.until(() -> gateway.get("/metrics").body().contains("starcite_tails_open 2.0"));
    SocketClient another = SocketClient.open(gateway, TAIL);
    another.socket.abort();
    tails.forEach(tail -> tail.socket.abort());
    Eventually.until(() -> gateway.get("/metrics").body().contains("starcite_tails_open 0.0"));
  }

  @Test
  @DisplayName("a client of the raw era works: token in the query, batches, no null, seq as cursor")
  void rawEra() throws Exception {
    gateway.append("s", "a", 1).is(201);
    SocketClient tail =
        SocketClient.open(gateway, TAIL + "?access_token=abc&cursor=0&batch_size=256");
    JsonNode frame = MAPPER.readTree(tail.next());

    assertThat(frame.isArray()).isTrue();
    assertThat(frame.get(0).toString()).doesNotContain("null");
    tail.socket.abort();
    gateway.append("s", "a", 2).is(201);
    SocketClient resumed =
        SocketClient.open(
            gateway, TAIL + "?cursor=" + frame.get(0).path("seq") + "&batch_size=256");
    assertThat(MAPPER.readTree(resumed.next()).get(0).path("seq").longValue()).isEqualTo(2);
    resumed.socket.abort();
  }
}
