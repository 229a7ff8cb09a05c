package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {
  private static final Instant TIME = Instant.parse("2026-03-01T12:00:00.001200Z");
  private static final NewEvent BARE = NewEvent.of("message", Json.parse("{}"));
  private static final Event FULL = Event.of(7, TIME, NewEventTest.full());

  @Test
  @DisplayName("EVT-1: a stored event has what was appended, its seq and its time")
  void accessors() {
    NewEvent appended = NewEventTest.full();

    assertThat(FULL.seq()).isEqualTo(7);
    assertThat(FULL.insertedAt()).isEqualTo(TIME);
    assertThat(FULL.insertedAtMicros()).isEqualTo(TIME.getEpochSecond() * 1_000_000 + 1200);
    assertThat(FULL.type()).isEqualTo(appended.type());
    assertThat(FULL.payload()).isEqualTo(appended.payload());
    assertThat(FULL.actor()).isEqualTo(appended.actor());
    assertThat(FULL.source()).isEqualTo(appended.source());
    assertThat(FULL.metadata()).isEqualTo(appended.metadata());
    assertThat(FULL.refs()).isEqualTo(appended.refs());
    assertThat(FULL.idempotencyKey()).isEqualTo(appended.idempotencyKey());
    assertThat(FULL.producerId()).isEqualTo(appended.producerId());
    assertThat(FULL.producerSeq()).isEqualTo(appended.producerSeq());
    assertThat(FULL.size()).isEqualTo(appended.size());
    assertThat(FULL.toNewEvent()).isEqualTo(appended);
    assertThat(FULL.toNewEvent().size()).isEqualTo(appended.size());
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-01T12:00:00Z, 2026-03-01T12:00:00.000000Z",
    "2026-03-01T12:00:00.123456789Z, 2026-03-01T12:00:00.123456Z",
    "1969-12-31T23:59:59.999999999Z, 1969-12-31T23:59:59.999999Z",
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000000Z",
    "0001-01-01T00:00:00.5Z, 0001-01-01T00:00:00.500000Z",
    "+12345-01-01T00:00:00Z, +12345-01-01T00:00:00.000000Z"
  })
  @DisplayName("EVT-1: the time is UTC in microseconds, six digits on the wire")
  void insertedAt_micros(Instant given, String wire) {
    Event event = Event.of(1, given, BARE);

    assertThat(event.insertedAt()).isEqualTo(Instant.parse(wire));
    assertThat(event.toJson().members()).containsEntry("inserted_at", Json.encode(wire));
    assertThat(Event.fromJson(event.toJson())).isEqualTo(event);
  }

  @Test
  @DisplayName("EVT-1: times out of range and seqs below 1 are INVALID")
  void of_range() {
    assertInvalid(() -> Event.of(1, Instant.MAX, BARE)).hasMessageContaining("out of range");
    assertInvalid(() -> Event.of(1, Instant.MIN, BARE)).hasMessageContaining("out of range");
    assertInvalid(() -> Event.of(0, TIME, BARE)).hasMessageContaining("seq must be 1 or more");
  }

  @Test
  @DisplayName("EVT-2: the wire form embeds JSON byte for byte and leaves out what is not there")
  void toJson_form() {
    assertThat(Event.of(1, TIME, BARE).toJson())
        .hasToString(
            "{\"seq\":1,\"type\":\"message\",\"payload\":{},"
                + "\"inserted_at\":\"2026-03-01T12:00:00.001200Z\"}");
    assertThat(FULL.toJson())
        .hasToString(
            "{\"seq\":7,\"type\":\"message\",\"payload\":{ \"text\" : \"hällo\" },"
                + "\"actor\":\"user:ü\",\"source\":\"web\",\"metadata\":{\"m\" : 1.0},"
                + "\"refs\":{\"to_seq\": 3,\"other\":[ ]},\"idempotency_key\":\"key \\\"1\\\"\","
                + "\"producer_id\":\"p\\n1\",\"producer_seq\":9223372036854775807,"
                + "\"inserted_at\":\"2026-03-01T12:00:00.001200Z\"}");
  }

  @Test
  @DisplayName("EVT-2: the wire form reads back as the same event, 100 levels deep as well")
  void fromJson_readsBack() {
    Event deep =
        Event.of(1, TIME, NewEvent.of("x", Json.parse("{\"a\":" + JsonTest.nested(99) + "}")));

    assertThat(Event.fromJson(FULL.toJson())).isEqualTo(FULL).hasSameHashCodeAs(FULL);
    assertThat(Event.fromJson(Json.parse(FULL.toJson().toString()))).isEqualTo(FULL);
    assertThat(Event.fromJson(deep.toJson())).isEqualTo(deep);
    assertThat(Event.fromJson(Json.parse(deep.toJson().toString()))).isEqualTo(deep);
  }

  @Test
  @DisplayName("EVT-1: reading takes digits in a string, other zones, null, and unknown names")
  void fromJson_lenient() {
    Event event =
        Event.fromJson(
            Json.parse(
                "{\"seq\":\"7\",\"inserted_at\":\"2026-03-01T13:00:00.0012+01:00\",\"cursor\":7,"
                    + "\"type\":\"message\",\"payload\":{},\"actor\":null}"));

    assertThat(event).isEqualTo(Event.of(7, TIME, BARE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                         | an event must be a JSON object
          {"inserted_at":"2026-03-01T12:00:00Z"}     | needs seq
          {"seq":1}                                  | needs inserted_at
          {"seq":1,"inserted_at":null}               | needs inserted_at
          {"seq":0,"inserted_at":"2026-03-01T12:00:00Z","type":"x","payload":{}} | seq must be 1 or more
          {"seq":1.5,"inserted_at":"2026-03-01T12:00:00Z","type":"x","payload":{}} | seq must be a whole
          {"seq":1,"inserted_at":1772366400,"type":"x","payload":{}} | inserted_at must be a JSON string
          {"seq":1,"inserted_at":"yesterday","type":"x","payload":{}} | inserted_at must be a time
          {"seq":1,"inserted_at":"+999999999-12-31T23:59:59Z","type":"x","payload":{}} | insertedAt is out
          {"seq":1,"inserted_at":"2026-03-01T12:00:00Z","payload":{}} | needs type
          """)
  @DisplayName("EVT-1: what is not the wire form of a stored event is INVALID and says why")
  void fromJson_invalid(String text, String expected) {
    assertInvalid(() -> Event.fromJson(Json.parse(text))).hasMessageContaining(expected);
  }

  @Test
  @DisplayName("EVT-1: events are equal if all their fields are")
  void equals_everyField() {
    assertThat(FULL)
        .isEqualTo(Event.of(7, TIME, NewEventTest.full()))
        .isNotEqualTo(Event.of(8, TIME, NewEventTest.full()))
        .isNotEqualTo(Event.of(7, TIME.plusNanos(1000), NewEventTest.full()))
        .isNotEqualTo(Event.of(7, TIME, NewEventTest.full().withActor("x")))
        .isNotEqualTo(NewEventTest.full());
    assertThat(NewEventTest.full()).isNotEqualTo(FULL);
  }

  @Test
  @DisplayName("EVT-1: the description is for people")
  void toString_names() {
    assertThat(FULL.toString())
        .startsWith(
            "Event[seq=7, insertedAt=2026-03-01T12:00:00.001200Z, type=message, actor=user:ü")
        .endsWith("payload={ \"text\" : \"hällo\" }]");
  }

  @Test
  @DisplayName("ERR-1: a null argument is named")
  void nullArguments() {
    assertThatNullPointerException()
        .isThrownBy(() -> Event.of(1, null, BARE))
        .withMessage("insertedAt");
    assertThatNullPointerException().isThrownBy(() -> Event.of(1, TIME, null)).withMessage("event");
    assertThatNullPointerException().isThrownBy(() -> Event.fromJson(null)).withMessage("wire");
    assertThatNullPointerException().isThrownBy(() -> FULL.as(null)).withMessage("type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"seq\":1,\"seq\":2}", "{\"seq\":NaN}", "{\"type\":\"\\ud800\"}"})
  @DisplayName("EVT-4: an envelope is checked like any JSON")
  void envelope_invalid(String text) {
    assertInvalid(() -> Event.fromJson(Json.parse(text)));
  }
}
