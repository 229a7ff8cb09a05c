package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Sessions over HTTP")
class SessionsOverHttpTest {
  private TestGateway gateway;

  @BeforeEach
  void start() {
    gateway = TestGateway.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  @DisplayName("a session is created with what was given, and unknown fields are passed over")
  void create() {
    JsonNode session =
        gateway
            .post(
                "/v1/sessions",
                """
                {"id":"ses_demo","title":"Draft contract","metadata":{"tenant_id":"acme"},
                 "creator_principal":{"type":"user","id":"u1"}}\
                """)
            .is(201)
            .json();

    assertThat(session.path("id").textValue()).isEqualTo("ses_demo");
    assertThat(session.path("title").textValue()).isEqualTo("Draft contract");
    assertThat(session.path("metadata").toString()).isEqualTo("{\"tenant_id\":\"acme\"}");
    assertThat(session.path("version").longValue()).isEqualTo(1);
    assertThat(session.path("last_seq").longValue()).isZero();
    assertThat(session.path("archived").booleanValue()).isFalse();
    assertThat(session.path("sealed").booleanValue()).isFalse();
    assertThat(session.path("incarnation").textValue()).isNotBlank();
    assertThat(session.path("created_at").textValue())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    assertThat(gateway.get("/v1/sessions/ses_demo").is(200).json()).isEqualTo(session);
  }

  @Test
  @DisplayName("a session without an id gets one")
  void createUnnamed() {
    JsonNode session = gateway.post("/v1/sessions", "{\"id\":null,\"title\":null}").is(201).json();

    assertThat(session.path("id").textValue()).matches("ses_[A-Za-z0-9_-]{16}");
    assertThat(session.has("title")).isFalse();
  }

  @Test
  @DisplayName("what is wrong with a session has its name")
  void createErrors() {
    gateway.create("taken");
    gateway.post("/v1/sessions", "{\"id\":\"taken\"}").isError(409, "session_exists");
    gateway.post("/v1/sessions", "{\"id\":\"\"}").isError(400, "invalid_session_id");
    gateway.post("/v1/sessions", "{\"id\":5}").isError(400, "invalid_session_id");
    gateway
        .post("/v1/sessions", "{\"id\":\"" + "x".repeat(257) + "\"}")
        .isError(400, "invalid_session_id");
    gateway.post("/v1/sessions", "{\"title\":5}").isError(400, "invalid_session");
    gateway
        .post("/v1/sessions", "{\"title\":\"" + "x".repeat(1025) + "\"}")
        .isError(400, "invalid_session");
    gateway.post("/v1/sessions", "{\"metadata\":[]}").isError(400, "invalid_metadata");
    gateway
        .post("/v1/sessions", "{\"metadata\":{\"a\":\"" + "x".repeat(65_536) + "\"}}")
        .isError(400, "invalid_metadata");
    gateway.post("/v1/sessions", "{\"title\":").isError(400, "invalid_json");
    gateway.post("/v1/sessions", "[]").isError(400, "invalid_json");
    gateway.post("/v1/sessions", "").isError(400, "invalid_json");
    gateway
        .post("/v1/sessions", "[".repeat(100_000) + "]".repeat(100_000))
        .isError(400, "invalid_json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x", "a/b", ".", "..", "CON", "😀", "ä", "a b", "a+b", "a%2Fb", "x;y", "?"})
  @DisplayName("any id can be used in a path, percent-encoded, and comes out unchanged")
  void oddIds(String id) {
    String encoded =
        URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20").replace(".", "%2E");
    gateway.create(id.replace("\\", "\\\\"));

    assertThat(gateway.get("/v1/sessions/" + encoded).is(200).json().path("id").textValue())
        .isEqualTo(id);
    gateway.append(encoded, "a", 1).is(201);
    gateway.send(gateway.to("/v1/sessions/" + encoded).DELETE()).is(204);
    gateway.get("/v1/sessions/" + encoded).isError(404, "session_not_found");
  }

  @Test
  @DisplayName("an update sets the title, merges metadata and raises the version")
  void update() {
    gateway.post("/v1/sessions", "{\"id\":\"s\",\"title\":\"old\",\"metadata\":{\"a\":1,\"b\":2}}");

    JsonNode session =
        gateway
            .send(
                "PATCH",
                "/v1/sessions/s",
                "{\"title\":\"new\",\"metadata\":{\"a\":null,\"c\":3},\"expected_version\":\"1\"}")
            .is(200)
            .json();

    assertThat(session.path("title").textValue()).isEqualTo("new");
    assertThat(session.path("metadata").toString()).isEqualTo("{\"b\":2,\"c\":3}");
    assertThat(session.path("version").longValue()).isEqualTo(2);
    JsonNode cleared = gateway.send("PATCH", "/v1/sessions/s", "{\"title\":null}").is(200).json();
    assertThat(cleared.has("title")).isFalse();
    assertThat(
            gateway
                .send("PATCH", "/v1/sessions/s", "{\"expected_version\":1}")
                .isError(409, "expected_version_conflict")
                .json()
                .path("current_version")
                .longValue())
        .isEqualTo(3);
    gateway
        .send("PATCH", "/v1/sessions/s", "{\"expected_version\":\"x\"}")
        .isError(400, "invalid_session");
    gateway.send("PATCH", "/v1/sessions/s", "{\"metadata\":1}").isError(400, "invalid_metadata");
    gateway.send("PATCH", "/v1/sessions/no", "{}").isError(404, "session_not_found");
  }

  @Test
  @DisplayName("sessions are archived, shown again, sealed and deleted")
  void lifecycle() {
    gateway.create("s");

    assertThat(flag(gateway.post("/v1/sessions/s/archive"), "archived")).isTrue();
    assertThat(flag(gateway.post("/v1/sessions/s/unarchive"), "archived")).isFalse();
    assertThat(flag(gateway.post("/v1/sessions/s/seal"), "sealed")).isTrue();
    gateway.append("s", "a", 1).isError(409, "session_sealed");
    gateway.send(gateway.to("/v1/sessions/s").DELETE()).is(204);
    gateway.send(gateway.to("/v1/sessions/s").DELETE()).isError(404, "session_not_found");
    for (String call : new String[] {"archive", "unarchive", "seal"}) {
      gateway.post("/v1/sessions/s/" + call).isError(404, "session_not_found");
    }
    gateway.append("s", "a", 1).isError(404, "session_not_found");
    gateway.get("/v1/sessions/s/tail").isError(404, "session_not_found");
  }

  private static boolean flag(TestGateway.Answer answer, String name) {
    return answer.is(200).json().path(name).booleanValue();
  }

  @Test
  @DisplayName("a list is paged, and filtered by prefix, visibility and metadata")
  void list() {
    for (int i = 1; i <= 5; i++) {
      gateway.post(
          "/v1/sessions",
          "{\"id\":\"a%d\",\"metadata\":{\"team\":\"%s\"}}".formatted(i, i % 2 == 0 ? "x y" : "z"));
    }
    gateway.create("b1");
    gateway.post("/v1/sessions/a5/archive");

    List<String> paged = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = gateway.get("/v1/sessions?limit=2&cursor=" + cursor).is(200).json();
      page.path("sessions").forEach(session -> paged.add(session.path("id").textValue()));
      assertThat(page.has("next_cursor")).isTrue();
      cursor = page.path("next_cursor").textValue();
    } while (cursor != null);
    assertThat(paged).containsExactly("a1", "a2", "a3", "a4", "b1");
    assertThat(ids("?prefix=a&archived=all")).containsExactly("a1", "a2", "a3", "a4", "a5");
    assertThat(ids("?archived=true")).containsExactly("a5");
    assertThat(ids("?archived=false&prefix=b")).containsExactly("b1");
    assertThat(ids("?metadata.team=x+y")).containsExactly("a2", "a4");
    assertThat(ids("?metadata%5Bteam%5D=z&limit=1")).containsExactly("a1");
    assertThat(gateway.get("/v1/sessions").json().at("/sessions/0/last_seq").isMissingNode())
        .isTrue();
    gateway.get("/v1/sessions?limit=0").isError(400, "invalid_limit");
    gateway.get("/v1/sessions?limit=1001").isError(400, "invalid_limit");
    gateway.get("/v1/sessions?limit=x").isError(400, "invalid_limit");
    gateway.get("/v1/sessions?archived=maybe").isError(400, "invalid_list_query");
  }

  @Test
  @DisplayName("a list shows metadata that is nested deeply")
  void deepMetadata_isListed() {
    String deep = "{\"a\":".repeat(99) + "1" + "}".repeat(99);
    gateway.post("/v1/sessions", "{\"id\":\"deep\",\"metadata\":" + deep + "}").is(201);

    assertThat(gateway.get("/v1/sessions").is(200).body()).contains(deep);
  }

  private List<String> ids(String query) {
    List<String> ids = new ArrayList<>();
    JsonNode page = gateway.get("/v1/sessions" + query).is(200).json();
    page.path("sessions").forEach(session -> ids.add(session.path("id").textValue()));
    return ids;
  }
}
