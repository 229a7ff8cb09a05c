package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonMappingTest {
  record Order(
      int itemCount,
      @Nullable Double unitPrice,
      @Nullable String note,
      @Nullable Json extra,
      @Nullable Map<String, Json> byName,
      @Nullable List<String> tags) {}

  record Nothing() {}

  @Test
  @DisplayName("EVT-3: a record is read by snake_case names, unknown ones are ignored")
  void as_record() {
    Json json =
        Json.parse(
            "{\"unknown\":{},\"item_count\":2,\"unit_price\":1,\"tags\":[\"a\"],"
                + "\"extra\": [ 1 ,2.50 ],\"by_name\":{\"p\": 1.0 ,\"q\":null,\"é\":\"\\u0073\"}}");

    Order order = json.as(Order.class);

    assertThat(order.itemCount()).isEqualTo(2);
    assertThat(order.unitPrice()).isEqualTo(1.0);
    assertThat(order.note()).isNull();
    assertThat(order.tags()).containsExactly("a");
    assertThat(order.extra()).hasToString("[ 1 ,2.50 ]");
    assertThat(order.byName())
        .containsExactly(
            entry("p", Json.parse("1.0")),
            entry("q", Json.parse("null")),
            entry("é", Json.parse("\"\\u0073\"")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                  | item_count
          {"item_count":null}                 | item_count
          {"item_count":"1"}                  | item_count
          {"item_count":""}                   | item_count
          {"item_count":1.5}                  | item_count
          {"item_count":true}                 | item_count
          {"item_count":99999999999}          | item_count
          {"item_count":1e999999999}          | item_count
          {"item_count":1,"unit_price":"NaN"} | unit_price
          {"item_count":1,"unit_price":"1.5"} | unit_price
          {"item_count":1,"unit_price":1e999} | unit_price
          {"item_count":1,"note":5}           | note
          {"item_count":1,"note":1.5}         | note
          {"item_count":1,"note":false}       | note
          {"item_count":1,"note":{}}          | note
          {"item_count":1,"tags":""}          | tags
          {"item_count":1,"tags":"a"}         | tags
          {"item_count":1,"tags":["a",5]}     | tags[1]
          {"item_count":1,"by_name":[]}       | by_name
          5                                   | Order
          "x"                                 | Order
          ""                                  | Order
          []                                  | Order
          null                                | it is null
          """)
  @DisplayName("EVT-3: a wrong shape is INVALID, naming the path and the type; nothing is coerced")
  void as_wrongShape(String text, String expected) {
    assertInvalid(() -> Json.parse(text).as(Order.class))
        .hasMessageContaining(expected)
        .hasMessageContaining("does not fit " + Order.class.getName())
        .message()
        .doesNotContain("Feature", "Coercion");
  }

  @Test
  @DisplayName("EVT-3: other Java types are read as well")
  void as_otherTypes() {
    assertThat(Json.parse("\"x\"").as(String.class)).isEqualTo("x");
    assertThat(Json.parse("7").as(int.class)).isEqualTo(7);
    assertThat(Json.parse("7").as(Long.class)).isEqualTo(7L);
    assertThat((Object) Json.parse("[1,\"a\"]").as(List.class)).isEqualTo(List.of(1, "a"));
    assertThat((Object) Json.parse("{\"a\":[]}").as(Map.class)).isEqualTo(Map.of("a", List.of()));
    assertThat(Json.parse("{}").as(Nothing.class)).isEqualTo(new Nothing());
    assertThat(Json.parse(" null ").as(Json.class)).hasToString(" null ");
  }

  @Test
  @DisplayName("EVT-3: a type that cannot be read is INVALID")
  void as_impossibleTypes() {
    assertInvalid(() -> Json.parse("{}").as(Runnable.class))
        .hasMessageContaining("java.lang.Runnable");
  }

  @Test
  @DisplayName("EVT-4: a number of a million digits is read without quadratic cost")
  void as_longNumber() {
    BigInteger number =
        assertTimeout(
            Duration.ofSeconds(60), () -> Json.parse("9".repeat(1_000_000)).as(BigInteger.class));

    assertThat(number.bitLength()).isEqualTo(3_321_929);
  }

  @Test
  @DisplayName("EVT-3: a record is written in snake_case, without nulls, JSON within as it stands")
  void from_record() {
    Order order = new Order(1, 2.5, null, Json.parse(" { \"a\" : 1.0 } "), Map.of(), List.of("é"));

    assertThat(Json.encode(order))
        .hasToString(
            "{\"item_count\":1,\"unit_price\":2.5,\"extra\": { \"a\" : 1.0 } ,\"by_name\":{},"
                + "\"tags\":[\"é\"]}");
    assertThat(Json.encode(order).as(Order.class).tags()).isEqualTo(order.tags());
    assertThat(Json.encode(new Nothing())).hasToString("{}");
  }

  @Test
  @DisplayName("EVT-3: maps, lists, strings, numbers and null are written as they are")
  void from_others() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("someKey", null);
    map.put("n", 1L);

    assertThat(Json.encode(map)).hasToString("{\"someKey\":null,\"n\":1}");
    assertThat(Json.encode(List.of("a\"\n😀", true))).hasToString("[\"a\\\"\\n😀\",true]");
    assertThat(Json.encode(null)).hasToString("null");
    assertThat(Json.encode(BigInteger.TEN.pow(30))).hasToString("1" + "0".repeat(30));
    assertThat(Json.encode(new int[] {1, 2})).hasToString("[1,2]");
    Json json = Json.parse(" 1 ");
    assertThat(Json.encode(json)).isSameAs(json);
  }

  @Test
  @DisplayName(
      "EVT-4: what is not valid JSON is INVALID: NaN, surrogates, equal keys, depth, cycles")
  void from_invalid() {
    List<Object> cycle = new ArrayList<>();
    cycle.add(List.of(cycle));
    Map<Object, Object> equalKeys = new LinkedHashMap<>();
    equalKeys.put(1, "a");
    equalKeys.put("1", "b");
    Object deep = 1;
    for (int i = 0; i < 102; i++) {
      deep = Collections.singletonList(deep);
    }
    for (Object value :
        Arrays.asList(
            Double.NaN,
            List.of(Float.NEGATIVE_INFINITY),
            new double[] {Double.POSITIVE_INFINITY},
            "\ud800",
            Map.of("\udc00", 1),
            equalKeys,
            cycle,
            deep,
            List.of(Json.parse(JsonTest.nested(101))),
            new Object())) {
      assertInvalid(() -> Json.encode(value))
          .hasMessageContaining(value.getClass().getName())
          .message()
          .hasSizeLessThan(600);
    }
    assertInvalid(() -> Json.encode(cycle)).hasMessageContaining("within itself");
    assertInvalid(() -> Json.encode(Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  @DisplayName("EVT-3: an accessor that throws is INVALID, with its exception as cause")
  void from_throwingAccessor() {
    record Broken(int value) {
      @Override
      public int value() {
        throw new IllegalStateException("broken accessor");
      }
    }

    assertInvalid(() -> Json.encode(new Broken(1)))
        .hasMessageContaining("value")
        .hasMessageContaining("broken accessor")
        .hasRootCauseInstanceOf(IllegalStateException.class);
  }
}
