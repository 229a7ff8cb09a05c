package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
  static final Json WIRE =
      Json.parse(
          """
          {"id":"s \\"1\\"","title":"Contract","metadata":{ "m" : 1.0 },\
          "created_at":"2026-03-01T12:00:00.001200Z","updated_at":"2026-03-02T12:00:00.000000Z",\
          "version":3,"archived":true,"sealed":false,"incarnation":"inc","last_seq":42}\
          """);

  static final Json ROW = Json.parse(WIRE.toString().replace(",\"last_seq\":42", ""));

  private static Json with(Json wire, String from, String to) {
    assertThat(wire.toString()).contains(from);
    return Json.parse(wire.toString().replace(from, to));
  }

  @Test
  @DisplayName("SES-3: a session reads back from its wire form, metadata byte for byte")
  void session() {
    Session session = Session.fromJson(WIRE);

    assertThat(session.id()).isEqualTo("s \"1\"");
    assertThat(session.title()).hasValue("Contract");
    assertThat(session.metadata()).hasToString("{ \"m\" : 1.0 }");
    assertThat(session.createdAt()).isEqualTo(Instant.parse("2026-03-01T12:00:00.001200Z"));
    assertThat(session.updatedAt()).isEqualTo(Instant.parse("2026-03-02T12:00:00Z"));
    assertThat(session.version()).isEqualTo(3);
    assertThat(session.archived()).isTrue();
    assertThat(session.sealed()).isFalse();
    assertThat(session.incarnation()).isEqualTo("inc");
    assertThat(session.lastSeq()).isEqualTo(42);
    assertThat(session.toJson()).isEqualTo(WIRE);
    assertThat(session).hasToString(WIRE.toString());
    assertThat(Session.fromJson(session.toJson())).isEqualTo(session).hasSameHashCodeAs(session);
  }

  @Test
  @DisplayName("SES-3: the wire form takes the deepest metadata that a session can have")
  void deepestMetadata() {
    String deepest = "{\"m\":" + JsonTest.nested(99) + "}";
    Session session = Session.fromJson(with(WIRE, "{ \"m\" : 1.0 }", deepest));

    assertThat(session.metadata()).hasToString(deepest);
    assertThat(session).hasToString(session.toJson().toString());
  }

  @Test
  @DisplayName("SES-6: a row reads back from its wire form, which has no last_seq")
  void row() {
    SessionPage.Row row = SessionPage.Row.fromJson(ROW);

    assertThat(row.toJson()).isEqualTo(ROW);
    assertThat(row).hasToString(ROW.toString()).isNotEqualTo(Session.fromJson(WIRE));
    assertThat(SessionPage.Row.fromJson(WIRE)).isEqualTo(row).hasSameHashCodeAs(row);
    assertInvalid(() -> Session.fromJson(ROW)).hasMessageContaining("last_seq");
    SessionPage page = new SessionPage(List.of(row), "s");
    assertThat(page)
        .isEqualTo(new SessionPage(List.of(SessionPage.Row.fromJson(ROW)), "s"))
        .hasSameHashCodeAs(new SessionPage(List.of(row), "s"))
        .isNotEqualTo(new SessionPage(List.of(row), null))
        .isNotEqualTo(new SessionPage(List.of(), "s"))
        .hasToString("SessionPage[sessions=[" + ROW + "], next=s]");
    assertThat(page.next()).hasValue("s");
    assertThat(new SessionPage(List.of(), null).next()).isEmpty();
  }

  @Test
  @DisplayName("SES-3: without a title there is none, and unknown names are ignored")
  void optional() {
    Json bare = with(WIRE, "\"title\":\"Contract\",", "");

    assertThat(Session.fromJson(bare).title()).isEmpty();
    assertThat(Session.fromJson(bare).toJson()).isEqualTo(bare);
    assertThat(Session.fromJson(with(WIRE, "{\"id\"", "{\"later\":[1],\"id\"")))
        .isEqualTo(Session.fromJson(WIRE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          s \\"1\\"                         | other
          Contract                          | Agreement
          1.0                               | 1.5
          2026-03-01T12:00:00.001200Z       | 2026-03-01T12:00:00.001201Z
          2026-03-02                        | 2026-03-03
          "version":3                       | "version":4
          "archived":true                   | "archived":false
          "sealed":false                    | "sealed":true
          "inc"                             | "inc2"
          "last_seq":42                     | "last_seq":43
          """)
  @DisplayName("SES-3: sessions are equal if all their fields are")
  void equals(String from, String to) {
    Session other = Session.fromJson(with(WIRE, from, to));

    assertThat(other).isNotEqualTo(Session.fromJson(WIRE));
    if (!from.contains("last_seq")) {
      assertThat(SessionPage.Row.fromJson(with(ROW, from, to)))
          .isNotEqualTo(SessionPage.Row.fromJson(ROW));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"id\":\"s \\\"1\\\"\",",
        "\"metadata\":{ \"m\" : 1.0 },",
        "\"created_at\":\"2026-03-01T12:00:00.001200Z\",",
        "\"updated_at\":\"2026-03-02T12:00:00.000000Z\",",
        "\"version\":3,",
        "\"archived\":true,",
        "\"sealed\":false,",
        ",\"incarnation\":\"inc\""
      })
  @DisplayName("SES-3: a wire form that lacks a field is INVALID and names it")
  void missing(String field) {
    String name = field.replaceAll("^,?\"(\\w+)\".*", "$1");
    assertInvalid(() -> Session.fromJson(with(WIRE, field, ""))).hasMessageContaining(name);
    assertInvalid(() -> SessionPage.Row.fromJson(with(ROW, field, ""))).hasMessageContaining(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          { "m" : 1.0 }                 | []         | metadata
          { "m" : 1.0 }                 | null       | metadata
          "2026-03-01T12:00:00.001200Z" | "today"    | created_at
          "2026-03-01T12:00:00.001200Z" | 1772366400 | created_at
          "2026-03-01T12:00:00.001200Z" | null       | created_at
          "last_seq":42                 | "last_seq":-1 | last_seq
          "version":3                   | "version":"3" | version
          "version":3                   | "version":0   | version
          "archived":true               | "archived":1  | archived
          """)
  @DisplayName("SES-3: what is not the wire form of a session is INVALID and says why")
  void invalid(String from, String to, String named) {
    assertInvalid(() -> Session.fromJson(with(WIRE, from, to))).hasMessageContaining(named);
  }
}
