package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No conversion between JSON and Java changes a value in silence. */
class JsonExactTest {
  record Numbers(double one, Double two, float three, List<Double> list, Map<String, Float> map) {}

  record Keyed(Map<Double, String> byNumber, Map<Byte, String> byByte) {}

  private static <T> T as(String json, Class<T> type) {
    return Json.parse(json).as(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e400",
        "-1e400",
        "9007199254740993",
        "0.1234567890123456789",
        "1e-400",
        "100000000000000000000001",
        "2.225e-310123",
        "1.23456789e-322",
        "1e999999999999"
      })
  @DisplayName("EVT-3: a number that no double holds is refused as one, and else kept exactly")
  void doubles(String text) {
    assertInvalid(() -> as(text, double.class)).hasMessageContainingAll("cannot be kept");
    assertInvalid(() -> as(text, Double.class)).hasMessageContainingAll("cannot be kept");
    assertInvalid(() -> as("[" + text + "]", double[].class))
        .hasMessageContainingAll("cannot be kept", "[0]");
    assertInvalid(() -> as("[0," + text + "]", Double[].class))
        .hasMessageContainingAll("cannot be kept", "[1]");
    assertInvalid(() -> as("{\"list\":[" + text + "]}", Numbers.class))
        .hasMessageContainingAll("list", "cannot be kept");
    assertInvalid(() -> as("{\"one\":" + text + "}", Numbers.class))
        .hasMessageContainingAll("one", "cannot be kept");
    assertInvalid(() -> as("{\"three\":" + text + "}", Numbers.class))
        .hasMessageContainingAll("three", "cannot be kept");
    assertInvalid(() -> as("{\"map\":{\"a\":" + text + "}}", Numbers.class))
        .hasMessageContainingAll("map.a", "cannot be kept");
    assertInvalid(() -> as("{\"by_number\":{\"" + text + "\":\"\"}}", Keyed.class))
        .hasMessageContainingAll("kept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e400", "9007199254740993", "0.1234567890123456789", "1e-400", "0.1", "-2.5e3"})
  @DisplayName("EVT-3: where no type is demanded, a number stays that number")
  void untyped(String text) {
    BigDecimal exact = new BigDecimal(text);
    assertThat(decimal(as("{\"x\":" + text + "}", Map.class).get("x"))).isEqualByComparingTo(exact);
    assertThat(decimal(as("[[" + text + "]]", List.class).toString().replaceAll("[\\[\\]]", "")))
        .isEqualByComparingTo(exact);
    assertThat(decimal(as(text, Object.class))).isEqualByComparingTo(exact);
    assertThat(decimal(as(text, Number.class))).isEqualByComparingTo(exact);
    assertThat(as(text, JsonNode.class).decimalValue()).isEqualByComparingTo(exact);
    assertThat(as(text, BigDecimal.class)).isEqualTo(exact);
  }

  private static BigDecimal decimal(Object number) {
    return new BigDecimal(number.toString());
  }

  @Test
  @DisplayName("EVT-3: ordinary numbers are what one expects")
  void ordinary() {
    assertThat((Object) as("{\"x\":0.5,\"y\":3}", Map.class)).isEqualTo(Map.of("x", 0.5, "y", 3));
    assertThat(as("[0.1,1,-0,1e10,0.30000000000000004]", double[].class))
        .containsExactly(0.1, 1, 0, 1e10, 0.1 + 0.2);
    assertThat(as("[0.1,16777216]", float[].class)).containsExactly(0.1f, 16_777_216);
    assertThat(as("[-128,127]", byte[].class)).containsExactly(-128, 127);
    assertThat(as("\"AQI=\"", byte[].class)).containsExactly(1, 2);
    assertThat(as("1.10", BigDecimal.class)).isEqualTo(new BigDecimal("1.10"));
    assertThat(as("1.10", JsonNode.class).decimalValue()).isEqualTo(new BigDecimal("1.10"));
    assertThat(as("9007199254740993", Object.class)).isEqualTo(9_007_199_254_740_993L);
    assertThat(as("123456789012345678901234567890", Object.class))
        .isEqualTo(new BigInteger("123456789012345678901234567890"));
    assertThat(as("{\"by_number\":{\"0.5\":\"h\"},\"by_byte\":{\"7\":\"s\"}}", Keyed.class))
        .isEqualTo(new Keyed(Map.of(0.5, "h"), Map.of((byte) 7, "s")));
  }

  @Test
  @DisplayName("EVT-3: neither floats, nor bytes, nor texts are bent to fit")
  void others() {
    assertInvalid(() -> as("16777217", float.class)).hasMessageContainingAll("cannot be kept");
    assertInvalid(() -> as("1e39", Float.class)).hasMessageContainingAll("cannot be kept");
    assertInvalid(() -> as("200", byte.class)).hasMessageContainingAll("cannot be kept");
    assertInvalid(() -> as("[200]", byte[].class)).hasMessageContainingAll("cannot be kept");
    assertInvalid(() -> as("[\"NaN\"]", double[].class)).hasMessageContainingAll("double");
    assertInvalid(() -> as("[\"Infinity\"]", Float[].class)).hasMessageContainingAll("Float");
    assertInvalid(() -> as("[null]", double[].class)).hasMessageContainingAll("null");
    assertInvalid(() -> as("{\"by_byte\":{\"200\":\"\"}}", Keyed.class))
        .hasMessageContainingAll("by_byte");
    assertInvalid(() -> as("{\"by_number\":{\"NaN\":\"\"}}", Keyed.class))
        .hasMessageContainingAll("by_number");
  }

  @Property
  @Label("EVT-3: every double and float is read back as it was written, in any locale")
  void written(@ForAll double number, @ForAll float small) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(Json.encode(number).as(double.class)).isEqualTo(number);
      assertThat(Json.encode(small).as(float.class)).isEqualTo(small);
      assertThat(Json.encode(number).as(Object.class)).isEqualTo(number);
      assertThat(Json.encode(new double[] {number}).as(double[].class)).containsExactly(number);
    } finally {
      Locale.setDefault(before);
    }
  }

  @EventType("plain")
  static final class Plain implements Payload {
    private final String text = "lost";

    String text() {
      return text;
    }
  }

  @EventType("annotated")
  static final class Annotated implements Payload {
    @JsonProperty private String text = "kept";
  }

  static final class Open {
    @JsonAnyGetter
    Map<String, String> any() {
      return Map.of();
    }
  }

  record Holder(Object inner) {}

  @EventType("nothing")
  record Nothing() implements Payload {}

  @Test
  @DisplayName("EVT-3: a class of which nothing would be stored is refused, by itself and within")
  void nothingToStore() {
    Runnable lambda = () -> {};
    for (Object value : new Object[] {new Plain(), new Object(), lambda}) {
      assertInvalid(() -> Json.encode(value)).hasMessageContainingAll("no getters");
      assertInvalid(() -> Json.encode(List.of(value))).hasMessageContainingAll("no getters");
      assertInvalid(() -> Json.encode(new Holder(value)))
          .hasMessageContainingAll("no getters", "inner");
    }
    assertInvalid(() -> NewEvent.of(new Plain())).hasMessageContainingAll("make it a record");
    assertThat(NewEvent.of(new Annotated()).payload()).hasToString("{\"text\":\"kept\"}");
    assertThat(NewEvent.of(new Nothing()).payload()).hasToString("{}");
    assertThat(Json.encode(new Open())).hasToString("{}");
  }

  @Test
  @DisplayName("EVT-1: an agent is named without its prefix")
  void agentPrefix() {
    NewEvent event = NewEvent.of("e", Json.parse("{}"));
    assertThat(event.withAgent("x").actor()).contains("agent:x");
    assertInvalid(() -> event.withAgent("agent:x"))
        .hasMessageContainingAll("agent:agent:x", "leave");
    assertInvalid(() -> TailOptions.from(0).withAgents("a", "agent:x"))
        .hasMessageContainingAll("agent:agent:x");
  }
}
