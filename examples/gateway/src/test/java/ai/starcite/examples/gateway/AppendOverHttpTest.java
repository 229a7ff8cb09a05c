package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.store.memory.MemorySegmentStore;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Appends over HTTP")
class AppendOverHttpTest {
  private static final String APPEND = "/v1/sessions/s/append";

  private TestGateway gateway;

  @BeforeEach
  void start() {
    gateway = TestGateway.start(MemorySegmentStore.open(), options -> options.maxEventBytes = 4096);
    gateway.create("s");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private TestGateway.Answer append(String fields) {
    return gateway.post(
        APPEND, "{\"type\":\"t\",\"payload\":{},\"producer_id\":\"p\"," + fields + "}");
  }

  @Test
  @DisplayName("the example of the README answers seq 2 on a session whose last seq is 1")
  void readmeExample() {
    gateway.append("s", "other", 1).is(201);
    String example =
        """
        {"type":"content","payload":{"text":"Reviewing clause 4.2..."},"actor":"agent:drafter",
         "producer_id":"agent-drafter-1","producer_seq":42,"expected_seq":1}\
        """;

    assertThat(gateway.post(APPEND, example).is(201).body())
        .isEqualTo(
            "{\"seq\":2,\"last_seq\":2,\"deduped\":false,\"cursor\":2,\"committed_cursor\":2}");
    assertThat(gateway.post(APPEND, example).is(201).body())
        .isEqualTo(
            "{\"seq\":2,\"last_seq\":2,\"deduped\":true,\"cursor\":2,\"committed_cursor\":2}");
  }

  @Test
  @DisplayName("a payload passes through byte for byte, and fields that are null are left out")
  void bytes() {
    String payload = "{ \"b\" : 1.0e0,\"a\":\"\\u00e9\",\n  \"n\":123456789012345678901234567890}";
    gateway
        .post(
            APPEND,
            "{\"type\":\"t\",\"source\":null,\"metadata\":null,\"producer_id\":\"p\","
                + "\"producer_seq\":\"7\",\"refs\":{\"to_seq\":1},\"idempotency_key\":\"k\","
                + "\"unknown\":1,\"payload\":"
                + payload
                + "}")
        .is(201);

    String page = gateway.get("/v1/sessions/s/tail").is(200).body();

    assertThat(page)
        .startsWith(
            "{\"events\":[{\"seq\":1,\"type\":\"t\",\"payload\":"
                + payload
                + ",\"actor\":\"anonymous\",\"refs\":{\"to_seq\":1},\"idempotency_key\":\"k\","
                + "\"producer_id\":\"p\",\"producer_seq\":7,\"inserted_at\":\"");
    assertThat(page).doesNotContain("null");
  }

  @Test
  @DisplayName("what is wrong with an event has its name")
  void errors() {
    for (String missing :
        new String[] {
          "{\"payload\":{},\"producer_id\":\"p\",\"producer_seq\":1}",
          "{\"type\":\"t\",\"producer_id\":\"p\",\"producer_seq\":1}",
          "{\"type\":\"t\",\"payload\":{},\"producer_seq\":1}",
          "{\"type\":\"t\",\"payload\":{},\"producer_id\":\"p\"}",
          "{\"type\":\"t\",\"payload\":{},\"producer_id\":\"p\",\"producer_seq\":null}",
        }) {
      gateway.post(APPEND, missing).isError(400, "invalid_event");
    }
    append("\"producer_seq\":0").isError(400, "invalid_event");
    append("\"producer_seq\":\"x\"").isError(400, "invalid_event");
    append("\"producer_seq\":1.5").isError(400, "invalid_event");
    append("\"producer_seq\":99999999999999999999").isError(400, "invalid_event");
    append("\"producer_seq\":1,\"expected_seq\":-1").isError(400, "invalid_event");
    append("\"producer_seq\":1,\"actor\":5").isError(400, "invalid_event");
    append("\"producer_seq\":1,\"source\":\"\"").isError(400, "invalid_event");
    append("\"producer_seq\":1,\"metadata\":[]").isError(400, "invalid_metadata");
    append("\"producer_seq\":1,\"refs\":{\"to_seq\":0}").isError(400, "invalid_refs");
    append("\"producer_seq\":1,\"refs\":\"r\"").isError(400, "invalid_refs");
    append("\"producer_seq\":1,\"type\":\"u\"").isError(400, "invalid_json");
    append("\"producer_seq\":1,\"source\":NaN").isError(400, "invalid_json");
    String deep = "{\"a\":".repeat(101) + "1" + "}".repeat(101);
    gateway
        .post(
            APPEND,
            "{\"type\":\"t\",\"producer_id\":\"p\",\"producer_seq\":1,\"payload\":" + deep + "}")
        .isError(400, "invalid_json");
    assertThat(gateway.get("/v1/sessions/s").json().path("last_seq").longValue()).isZero();
  }

  @Test
  @DisplayName("conflicts say what would have been taken")
  void conflicts() {
    append("\"producer_seq\":1").is(201);
    append("\"producer_seq\":2").is(201);

    JsonNode gap = append("\"producer_seq\":4").isError(409, "producer_seq_conflict").json();
    assertThat(gap.path("expected_producer_seq").longValue()).isEqualTo(3);
    JsonNode other =
        append("\"producer_seq\":1,\"source\":\"x\"")
            .isError(409, "producer_replay_conflict")
            .json();
    assertThat(other.path("current_seq").longValue()).isEqualTo(1);
    JsonNode late =
        append("\"producer_seq\":3,\"expected_seq\":1")
            .isError(409, "expected_seq_conflict")
            .json();
    assertThat(late.path("current_seq").longValue()).isEqualTo(2);
    append("\"producer_seq\":3,\"expected_seq\":\"2\"").is(201);
  }

  @Test
  @DisplayName("an event beyond the limit is too large, and so is a body beyond it")
  void tooLarge() {
    String text = "x".repeat(4096);
    append("\"producer_seq\":1,\"source\":null,\"metadata\":{\"a\":\"" + text + "\"}")
        .isError(413, "event_too_large");
    append("\"producer_seq\":1,\"metadata\":{\"a\":\"" + "x".repeat(100_000) + "\"}")
        .isError(413, "event_too_large");
    gateway
        .send(
            gateway
                .to(APPEND)
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(new byte[100_000]))))
        .isError(413, "event_too_large");
  }

  @Test
  @DisplayName("only JSON in UTF-8 is a body, in any way of saying so")
  void mediaTypes() {
    String event = "{\"type\":\"t\",\"payload\":{},\"producer_id\":\"q\",\"producer_seq\":1}";
    for (String type :
        new String[] {
          "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", ";"
        }) {
      gateway
          .send(
              gateway
                  .to(APPEND)
                  .header("Content-Type", type)
                  .POST(HttpRequest.BodyPublishers.ofString(event)))
          .isError(415, "unsupported_media_type");
    }
    gateway
        .send(gateway.to(APPEND).POST(HttpRequest.BodyPublishers.ofString(event)))
        .isError(415, "unsupported_media_type");
    gateway
        .send(
            gateway
                .to(APPEND)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString(event)))
        .isError(415, "unsupported_media_type");
    gateway
        .send(
            gateway
                .to(APPEND)
                .header("Content-Type", "Application/JSON; Charset=\"UTF-8\"")
                .POST(HttpRequest.BodyPublishers.ofString(event)))
        .is(201);
  }

  @Test
  @DisplayName("no such route and method are told apart, in the form of all errors")
  void routes() {
    gateway.get("/v1/nothing").isError(404, "not_found");
    gateway.get("/v1/sessions/s/nothing").isError(404, "not_found");
    TestGateway.Answer answer = gateway.send("PUT", "/v1/sessions", "{}");
    answer.isError(405, "method_not_allowed");
    assertThat(answer.response().headers().firstValue("Allow")).hasValue("GET, POST");
    gateway.get(APPEND).isError(405, "method_not_allowed");
    gateway.get("/v1/sessions/%ff").isError(400, "invalid_session_id");
    gateway.get("/health/live").is(200);
    gateway.get("/health/ready").is(200);
  }

  @Test
  @DisplayName("the page lets nothing from elsewhere in, and is not sent again unchanged")
  void page() {
    for (String file :
        new String[] {
          "", "app.js", "client.js", "transcript.js", "view.js", "style.css", "icon.svg"
        }) {
      TestGateway.Answer answer = gateway.get("/" + file).is(200);
      var headers = answer.response().headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
      gateway
          .send(
              gateway
                  .to("/" + file)
                  .header("If-None-Match", headers.firstValue("ETag").orElseThrow()))
          .is(304);
    }
  }

  @Test
  @DisplayName("metrics count appends, dedupes, conflicts, bytes and open tails")
  void metrics() {
    append("\"producer_seq\":1").is(201);
    append("\"producer_seq\":1").is(201);
    append("\"producer_seq\":5").is(409);
    SocketClient tail = SocketClient.open(gateway, "/v1/sessions/s/tail");
    tail.next();

    String metrics = gateway.get("/metrics").is(200).body();

    assertThat(metrics)
        .contains("starcite_events_committed_total 1.0")
        .contains("starcite_appends_deduped_total 1.0")
        .contains("starcite_appends_failed_total{reason=\"producer_seq_conflict\"} 1.0")
        .contains("starcite_append_seconds_count 2")
        .contains("starcite_append_seconds_bucket{le=")
        .contains("starcite_tails_open 1.0")
        .containsPattern("starcite_bytes_committed_total [1-9]")
        .contains("route=\"/v1/sessions/{id}/append\"");
    tail.socket.abort();
  }
}
