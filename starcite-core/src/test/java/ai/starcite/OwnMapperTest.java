package ai.starcite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application returns from a controller is written by its mapper, in default settings. */
class OwnMapperTest {
  private static final Json ODD = Json.parse("{ \"b\" : 1.0, \"a\":[ \"\\u0073\", null ] }");

  enum Mapper {
    JACKSON_2 {
      private final ObjectMapper mapper = new ObjectMapper();

      @Override
      String write(Object value) throws JsonProcessingException {
        return mapper.writeValueAsString(value);
      }
    },
    JACKSON_3 {
      private final tools.jackson.databind.ObjectMapper mapper =
          new tools.jackson.databind.json.JsonMapper();

      @Override
      String write(Object value) {
        return mapper.writeValueAsString(value);
      }
    };

    abstract String write(Object value) throws JsonProcessingException;
  }

  record Answer(String requestId, @Nullable Object body) {}

  static Stream<Arguments> values() {
    Event event =
        Event.of(
            7,
            Instant.parse("2026-03-01T12:00:00.001200Z"),
            NewEvent.of("price", ODD).withMetadata(ODD).withProducer("p", 3));
    Session session = Session.fromJson(SessionTest.WIRE);
    SessionPage.Row row = SessionPage.Row.fromJson(SessionTest.ROW);
    return Stream.of(Mapper.values())
        .flatMap(
            mapper ->
                Stream.of(
                    Arguments.of(mapper, ODD, ODD.toString()),
                    Arguments.of(mapper, Json.parse(" \"text\" "), " \"text\" "),
                    Arguments.of(mapper, event, event.toJson().toString()),
                    Arguments.of(mapper, session, SessionTest.WIRE.toString()),
                    Arguments.of(mapper, row, SessionTest.ROW.toString())));
  }

  @ParameterizedTest
  @MethodSource("values")
  @DisplayName("EVT-2, SES-3: the mapper of an application writes the wire form, byte for byte")
  void write(Mapper mapper, Object value, String wire) throws JsonProcessingException {
    assertThat(mapper.write(value)).isEqualTo(wire);
    assertThat(mapper.write(List.of(value, value))).isEqualTo("[" + wire + "," + wire + "]");
    assertThat(mapper.write(new Object[] {value})).isEqualTo("[" + wire + "]");
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("first", value);
    map.put("count", 1);
    assertThat(mapper.write(map)).isEqualTo("{\"first\":" + wire + ",\"count\":1}");
    assertThat(mapper.write(new Answer("r", value)))
        .isEqualTo("{\"requestId\":\"r\",\"body\":" + wire + "}");
    assertThat(mapper.write(new Answer("r", Map.of("inner", value))))
        .isEqualTo("{\"requestId\":\"r\",\"body\":{\"inner\":" + wire + "}}");
  }

  record Typed(Json json, Event event, Session session, SessionPage.Row row, @Nullable Json none) {}

  @ParameterizedTest
  @EnumSource
  @DisplayName("EVT-2, SES-3: components that are declared with their types are written likewise")
  void declaredTypes(Mapper mapper) throws JsonProcessingException {
    Event event = Event.of(1, Instant.EPOCH, NewEvent.of("x", ODD));
    Typed typed =
        new Typed(
            ODD,
            event,
            Session.fromJson(SessionTest.WIRE),
            SessionPage.Row.fromJson(SessionTest.ROW),
            null);

    assertThat(Json.parse(mapper.write(typed)).members())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "json",
                ODD,
                "event",
                event.toJson(),
                "session",
                SessionTest.WIRE,
                "row",
                SessionTest.ROW,
                "none",
                Json.parse("null")));
  }
}
