package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  static String nested(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  @Test
  @DisplayName("EVT-2: the bytes are those that were given, white space and spelling included")
  void bytes_areThoseGiven() {
    String text = " {\"b\" : 1.50e+2,\r\n\t\"a\":\"\\u00e9é\\/\" } ";

    assertThat(Json.parse(text)).hasToString(text);
    assertThat(Json.parse(text.getBytes(UTF_8)).bytes()).isEqualTo(text.getBytes(UTF_8));
    assertThat(Json.parse(text).size()).isEqualTo(text.getBytes(UTF_8).length);
  }

  @Test
  @DisplayName("EVT-2: nobody can change the bytes afterwards")
  void bytes_areCopied() {
    byte[] given = "[1]".getBytes(UTF_8);
    Json json = Json.parse(given);
    given[1] = '2';
    json.bytes()[1] = '3';

    assertThat(json).hasToString("[1]");
  }

  @Test
  @DisplayName("EVT-2: copyTo writes the bytes where they are wanted, or fails if they do not fit")
  void copyTo_writesAtOffset() {
    byte[] target = "....".getBytes(UTF_8);
    Json.parse("12").copyTo(target, 1);

    assertThat(target).asString(UTF_8).isEqualTo(".12.");
    assertThatThrownBy(() -> Json.parse("12").copyTo(target, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  @DisplayName("EVT-2: values are equal if their bytes are")
  void equals_comparesBytes() {
    assertThat(Json.parse("{\"a\":1}"))
        .isEqualTo(Json.parse("{\"a\":1}".getBytes(UTF_8)))
        .hasSameHashCodeAs(Json.parse("{\"a\":1}"))
        .isNotEqualTo(Json.parse("{\"a\": 1}"))
        .isNotEqualTo("{\"a\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " \n\r\t{\"a\":[]}"})
  @DisplayName("EVT-1: an object is one whatever stands before it")
  void isObject_ofObject(String text) {
    assertThat(Json.parse(text).isObject()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"{}\"", " 1", "null", "true"})
  @DisplayName("EVT-1: anything else is not an object")
  void isObject_ofOther(String text) {
    assertThat(Json.parse(text).isObject()).isFalse();
  }

  @Test
  @DisplayName("EVT-2: the members of an object come in its order, byte for byte")
  void members_areCutOut() {
    Json json =
        Json.parse(
            " { \"z\" : [1 , 2] ,\"b\":\"x\\\"}\" , \"\\u0063\" : -1.50e3, \"d\":true,"
                + "\"e\":null,\"é\":{ \"ü\" : 1 } , \"\":\"\" }");

    assertThat(json.members())
        .containsExactly(
            entry("z", Json.parse("[1 , 2]")),
            entry("b", Json.parse("\"x\\\"}\"")),
            entry("c", Json.parse("-1.50e3")),
            entry("d", Json.parse("true")),
            entry("e", Json.parse("null")),
            entry("é", Json.parse("{ \"ü\" : 1 }")),
            entry("", Json.parse("\"\"")));
  }

  @Test
  @DisplayName("EVT-2: members are cut out right wherever a buffer of the parser ends")
  void members_acrossBuffers() {
    for (int padding = 31_990; padding < 32_020; padding++) {
      String pad = "\"" + "p".repeat(padding) + "\"";
      String text =
          "{\"pad\":"
              + pad
              + ",\"num\":123.456e7,\"str\":\"a\\u0062c\",\"arr\":[12,{\"x\":true}],"
              + "\"lit\":false,\"int\":1234567,\"last\":\""
              + "é".repeat(5000)
              + "\"}";

      assertThat(Json.parse(text).members())
          .containsEntry("pad", Json.parse(pad))
          .containsEntry("num", Json.parse("123.456e7"))
          .containsEntry("str", Json.parse("\"a\\u0062c\""))
          .containsEntry("arr", Json.parse("[12,{\"x\":true}]"))
          .containsEntry("lit", Json.parse("false"))
          .containsEntry("int", Json.parse("1234567"))
          .containsEntry("last", Json.parse("\"" + "é".repeat(5000) + "\""));
    }
  }

  @Test
  @DisplayName("EVT-2: members cannot be modified, and only objects have any")
  void members_limits() {
    assertThat(Json.parse("{}").members()).isEmpty();
    assertThatThrownBy(() -> Json.parse("{\"a\":1}").members().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertInvalid(() -> Json.parse("[1]").members()).hasMessageContaining("[1]");
  }
}
