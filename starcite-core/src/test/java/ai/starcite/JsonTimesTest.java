package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonFormat.Shape;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTimesTest {
  @EventType("meeting")
  record Meeting(Instant startsAt, Duration length, Optional<String> room, List<LocalDate> holidays)
      implements Payload {}

  private static Stream<Arguments> times() {
    return Stream.of(
        Arguments.of(
            Instant.parse("2026-03-01T12:00:00.123456789Z"), "2026-03-01T12:00:00.123456789Z"),
        Arguments.of(Instant.MAX, "+1000000000-12-31T23:59:59.999999999Z"),
        Arguments.of(
            OffsetDateTime.parse("2026-03-01T12:00:00+02:00"), "2026-03-01T12:00:00+02:00"),
        Arguments.of(
            ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 5, ZoneId.of("Europe/Berlin")),
            "2026-07-01T12:00:00.000000005+02:00[Europe/Berlin]"),
        Arguments.of(
            ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, ZoneId.of("UTC")),
            "2026-07-01T12:00:00Z[UTC]"),
        Arguments.of(LocalDateTime.parse("2026-03-01T12:00:01"), "2026-03-01T12:00:01"),
        Arguments.of(LocalDate.parse("2026-03-01"), "2026-03-01"),
        Arguments.of(LocalTime.parse("12:30:15.5"), "12:30:15.5"),
        Arguments.of(OffsetTime.parse("12:30:15+01:00"), "12:30:15+01:00"),
        Arguments.of(Duration.ofMillis(-90_500), "PT-1M-30.5S"),
        Arguments.of(Period.of(1, 2, 3), "P1Y2M3D"),
        Arguments.of(Year.of(2026), "2026"),
        Arguments.of(YearMonth.of(2026, 3), "2026-03"),
        Arguments.of(MonthDay.of(12, 24), "--12-24"),
        Arguments.of(Month.MARCH, "MARCH"),
        Arguments.of(DayOfWeek.FRIDAY, "FRIDAY"),
        Arguments.of(ZoneOffset.ofHours(1), "+01:00"),
        Arguments.of(new Date(1_772_366_400_123L), "2026-03-01T12:00:00.123+00:00"));
  }

  @ParameterizedTest
  @MethodSource("times")
  @DisplayName("EVT-3: a time is written as ISO 8601 text, and read back as it was")
  void text(Object time, String text) {
    assertThat(Json.encode(time)).hasToString("\"" + text + "\"");
    assertThat((Object) Json.encode(time).as(time.getClass())).isEqualTo(time);
    assertThat(Json.encode(Map.of("at", List.of(time)))).hasToString("{\"at\":[\"" + text + "\"]}");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Instant.class,
        OffsetDateTime.class,
        ZonedDateTime.class,
        LocalDateTime.class,
        LocalDate.class,
        LocalTime.class,
        OffsetTime.class,
        Duration.class,
        Period.class,
        Year.class,
        YearMonth.class,
        MonthDay.class,
        Month.class,
        DayOfWeek.class,
        ZoneOffset.class,
        ZoneId.class,
        Date.class,
        Calendar.class
      })
  @DisplayName("EVT-3: a number is no time, nor is an array of numbers, nor what is not ISO 8601")
  void notText(Class<?> type) {
    for (String json :
        List.of(
            "1772366400",
            "1772366400123",
            "1772366400.5",
            "1",
            "0",
            "-1",
            "true",
            "{}",
            "[]",
            "[2026,3,1]",
            "[2026,3,1,12,0]",
            "[1]",
            "\"\"",
            "\" \"",
            "\"1772366400.5\"",
            "\"yesterday\"")) {
      assertInvalid(() -> Json.parse(json).as(type))
          .as("%s as %s", json, type)
          .hasMessageContaining("does not fit " + type.getName());
    }
    if (type != Year.class) {
      assertInvalid(() -> Json.parse("\"1772366400\"").as(type));
    }
  }

  @Test
  @DisplayName("EVT-3: nothing of a time is dropped because the type has no place for it")
  void longerText() {
    assertInvalid(() -> Json.parse("\"2026-03-01T12:00:00Z\"").as(LocalDate.class));
    assertInvalid(() -> Json.parse("\"2026-03-01T12:00:00\"").as(LocalDate.class));
    assertInvalid(() -> Json.parse("\"2026-03-01T12:00:00Z\"").as(LocalDateTime.class));
    assertInvalid(() -> Json.parse("\"2026-03-01T12:00:00Z\"").as(LocalTime.class));
    assertInvalid(() -> Json.parse("\"2026-03-01T12:00:00\"").as(Instant.class));
    assertInvalid(() -> Json.parse("\"2026-03-01\"").as(Instant.class));
  }

  @Test
  @DisplayName("EVT-3: times and options are components of a typed payload")
  void payload() {
    Meeting meeting =
        new Meeting(
            Instant.parse("2026-03-01T12:00:00Z"),
            Duration.ofMinutes(45),
            Optional.empty(),
            List.of(LocalDate.parse("2026-03-02")));

    NewEvent event = NewEvent.of(meeting);

    assertThat(event.payload())
        .hasToString(
            "{\"starts_at\":\"2026-03-01T12:00:00Z\",\"length\":\"PT45M\","
                + "\"holidays\":[\"2026-03-02\"]}");
    assertThat(Event.of(1, Instant.EPOCH, event).as(Meeting.class)).isEqualTo(meeting);
    assertInvalid(
            () -> Json.parse("{\"starts_at\":1772366400,\"length\":\"PT1S\"}").as(Meeting.class))
        .hasMessageContaining("starts_at")
        .hasMessageContaining("ISO 8601");
  }

  record Stamped(@JsonFormat(shape = Shape.NUMBER) Instant at) {}

  @Test
  @DisplayName("EVT-3: a component whose annotation asks for a number is read and written as one")
  void annotated() {
    Stamped stamped = new Stamped(Instant.ofEpochSecond(5, 500_000_000));

    assertThat(Json.encode(stamped)).hasToString("{\"at\":5.500000000}");
    assertThat(Json.encode(stamped).as(Stamped.class)).isEqualTo(stamped);
  }

  record Options(
      Optional<String> text,
      Optional<Json> json,
      Optional<Double> number,
      OptionalInt count,
      OptionalLong total,
      OptionalDouble share,
      @Nullable Optional<Instant> at) {}

  private static final Options EMPTY =
      new Options(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          Optional.empty());

  @Test
  @DisplayName("EVT-3: an Optional is absent when it is empty, and else its value")
  void optional() {
    Options full =
        new Options(
            Optional.of("t"),
            Optional.of(Json.parse("{ \"a\" : 1.0 }")),
            Optional.of(0.5),
            OptionalInt.of(1),
            OptionalLong.of(Long.MAX_VALUE),
            OptionalDouble.of(0.1),
            Optional.of(Instant.EPOCH));

    assertThat(Json.encode(EMPTY)).hasToString("{}");
    assertThat(Json.parse("{}").as(Options.class)).isEqualTo(EMPTY);
    assertThat(Json.parse("{\"text\":null,\"count\":null,\"share\":null}").as(Options.class))
        .isEqualTo(EMPTY);
    assertThat(Json.parse("{\"json\":null}").as(Options.class).json())
        .as("the JSON value null")
        .hasValue(Json.encode(null));
    assertThat(Json.encode(full))
        .hasToString(
            "{\"text\":\"t\",\"json\":{ \"a\" : 1.0 },\"number\":0.5,\"count\":1,"
                + "\"total\":9223372036854775807,\"share\":0.1,\"at\":\"1970-01-01T00:00:00Z\"}");
    assertThat(Json.encode(full).as(Options.class)).isEqualTo(full);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":5}",
        "{\"number\":\"0.5\"}",
        "{\"number\":9007199254740993.0}",
        "{\"count\":\"1\"}",
        "{\"count\":1.5}",
        "{\"count\":99999999999}",
        "{\"total\":true}",
        "{\"total\":\"\"}",
        "{\"share\":\"0.5\"}",
        "{\"share\":1e400}",
        "{\"share\":9007199254740993}",
        "{\"at\":0}"
      })
  @DisplayName("EVT-3: the value of an Optional is read as strictly as without it")
  void optional_wrongShape(String text) {
    assertInvalid(() -> Json.parse(text).as(Options.class));
  }
}
