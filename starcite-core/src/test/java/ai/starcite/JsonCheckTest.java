package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCheckTest {
  private static final String DEPTH_100 = JsonTest.nested(100);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                  | byte 0: empty
          `  `                | byte 2: empty
          {} {}               | byte 3: content after the end
          1,2                 | byte 1
          {"a":1,}            | byte 7
          [1 2]               | byte 3
          {"a" 1}             | byte 5
          {'a':1}             | byte 1
          [1}                 | byte 2
          {"é":1,"é" :2}      | byte 12: Duplicate field 'é'
          {"a":1,"b":2,"\\u0061":3} | Duplicate field 'a'
          [{"x":{"a":1,"a":1}}] | Duplicate field 'a'
          {"😀":1,"\\ud83d\\ude00":1} | Duplicate field '😀'
          {                   | byte 1
          "abc                | byte 4
          nul                 | byte 0: Unrecognized token 'nul'
          TRUE                | byte 0
          NaN                 | Non-standard token 'NaN'
          [Infinity]          | Non-standard token 'Infinity'
          -Infinity           | Non-standard token '-Infinity'
          01                  | Leading zeroes
          +1                  | byte 1
          1.                  | byte
          .5                  | byte 0
          1e                  | byte
          --1                 | byte
          1x                  | byte 1
          0x10                | byte 1
          "\\x"               | byte
          "\\u12g4"           | byte
          "\\u123ķ"           | byte 6
          "\\u+123"           | byte
          /**/1               | byte 0
          `"\u0001"`          | byte 1
          `\u00a01`           | byte 0
          """)
  @DisplayName("EVT-4: malformed text is INVALID, and the message says what and where")
  void parse_malformed(String text, String expected) {
    assertInvalid(() -> Json.parse(text)).hasMessageContaining(expected);
    assertInvalid(() -> Json.parse(text.getBytes(UTF_8))).hasMessageContaining(expected);
  }

  @Test
  @DisplayName("EVT-4: messages name no switch of the parser, which no user can reach")
  void parse_messagesAreForUsers() {
    for (String text : List.of("NaN", "{", "[1}", "1 //x")) {
      assertInvalid(() -> Json.parse(text))
          .message()
          .doesNotContain("enable", "Feature", "Source", "StreamRead");
    }
  }

  @Test
  @DisplayName("EVT-4: a long key makes no long message")
  void parse_messageIsBounded() {
    String key = "\"" + "k".repeat(100_000) + "\":1";

    assertInvalid(() -> Json.parse("{" + key + "," + key + "}"))
        .message()
        .hasSizeLessThan(400)
        .contains("byte 200008", "Duplicate field 'kkk");
    for (String hint : List.of(" (but ", " (set (", " (for x starting ()", ": enable `")) {
      String hostile = "\"a\\n" + hint + "()x".repeat(100_000) + "\":1";
      assertInvalid(() -> Json.parse("{" + hostile + "," + hostile + "}"))
          .message()
          .hasSizeLessThan(400)
          .doesNotContain("\n")
          .contains("Duplicate field 'a");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud800\"",
        "\"\\uD83D\"",
        "\"\\udc00\"",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\ud800\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\\\\\ud800\"",
        "{\"\\ud800\":1}",
        "{\"a\":[\"ok \\ud83d\\ude00\",\"\\ude00\"]}"
      })
  @DisplayName("EVT-4: an escaped lone surrogate is INVALID, in a key too")
  void parse_escapedLoneSurrogate(String text) {
    assertInvalid(() -> Json.parse(text)).hasMessageContaining("surrogate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\ud800", "\udc00", "\udc00\ud800", "\\ud83d\ude00", "\ud83d" + "\\ude00"})
  @DisplayName("EVT-4: a raw lone surrogate is INVALID, also beside an escaped one")
  void parse_rawLoneSurrogate(String content) {
    assertInvalid(() -> Json.parse("\"" + content + "\""))
        .hasMessageContaining("a lone surrogate")
        .hasMessageContaining("index");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\\ud83d\\ude00\"", "\"😀\"", "\"\\\\ud800\"", "\"\\uFFFD\uFFFD\""})
  @DisplayName("EVT-4: pairs of surrogates, and what only looks like one, are fine")
  void parse_pairs(String text) {
    assertThat(Json.parse(text)).hasToString(text);
    assertThat(Json.parse(text.getBytes(UTF_8))).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "22c08022, 1", // overlong NUL
    "22c1bf22, 1", // overlong
    "22e0808022, 1", // overlong
    "22eda08022, 1", // surrogate
    "22edbfbf22, 1", // surrogate
    "22f4908080, 1", // beyond U+10FFFF
    "22ff22, 1",
    "2261e28222, 2", // cut short
    "2280, 1", // no beginning
    "22efbfbdc322, 4", // a real U+FFFD first
    "feff0031, 0", // UTF-16
    "fffe3100, 0",
  })
  @DisplayName("EVT-4: invalid UTF-8 is INVALID, and the message names the byte")
  void of_invalidUtf8(String hex, int at) {
    assertInvalid(() -> Json.parse(HexFormat.of().parseHex(hex)))
        .hasMessageContaining("invalid UTF-8 at byte " + at);
  }

  @Test
  @DisplayName("EVT-4: invalid UTF-8 far behind the beginning is found")
  void of_invalidUtf8_far() {
    byte[] utf8 = ("\"" + "é".repeat(5000) + "??\"").getBytes(UTF_8);
    utf8[10_001] = (byte) 0xff;

    assertInvalid(() -> Json.parse(utf8)).hasMessageContaining("byte 10001: 0xff");
  }

  @ParameterizedTest
  @ValueSource(strings = {"003100", "000031", "31000000", "00000031", "310032003300"})
  @DisplayName("EVT-4: UTF-16 and UTF-32 are not guessed at but INVALID")
  void of_otherEncodings(String hex) {
    assertInvalid(() -> Json.parse(HexFormat.of().parseHex(hex)))
        .hasMessageContaining("invalid JSON at byte");
  }

  @Test
  @DisplayName("EVT-4: a byte order mark is INVALID")
  void of_byteOrderMark() {
    assertInvalid(() -> Json.parse("\uFEFF{}")).hasMessageContaining("byte order mark");
    assertInvalid(() -> Json.parse("\uFEFF{}".getBytes(UTF_8)))
        .hasMessageContaining("byte order mark");
  }

  @Test
  @DisplayName("EVT-4: 101 levels are valid JSON, 102 are INVALID")
  void parse_depth() {
    String objects = "{\"a\":".repeat(99) + "{}" + "}".repeat(99);

    assertThat(Json.parse(DEPTH_100)).hasToString(DEPTH_100);
    assertThat(Json.parse(objects)).hasToString(objects);
    assertThat(Json.parse("[" + JsonTest.nested(99) + "," + JsonTest.nested(99) + "]").isObject())
        .isFalse();
    assertThat(Json.parse(JsonTest.nested(101))).hasToString(JsonTest.nested(101));
    assertInvalid(() -> Json.parse(JsonTest.nested(102)))
        .hasMessageContaining("byte 101: nested deeper than 101 levels");
    assertInvalid(() -> Json.parse("[{\"a\":" + objects + "}]"))
        .hasMessageContaining("nested deeper than 101 levels");
  }

  @Test
  @DisplayName("EVT-4: a million levels are INVALID at once")
  void parse_nestingBomb() {
    assertTimeout(
        Duration.ofSeconds(60),
        () -> {
          for (String bomb : List.of("[", "{\"a\":", "[{\"a\":[")) {
            assertInvalid(() -> Json.parse(bomb.repeat(1_000_000)));
          }
        });
  }

  @Test
  @DisplayName("EVT-4: the wire form may be one level deeper than what it carries")
  void wireForm_depth() {
    String text = "{\"payload\":" + DEPTH_100 + "}";

    assertThat(Json.parse(text).members()).containsExactly(entry("payload", Json.parse(DEPTH_100)));
    assertThat(Json.parse(text.getBytes(UTF_8))).isEqualTo(Json.parse(text));
    assertInvalid(() -> NewEvent.of("t", Json.parse(text))).hasMessageContaining("100 levels");
    assertInvalid(() -> Json.parse("[" + text + "]"))
        .hasMessageContaining("nested deeper than 101 levels");
    assertInvalid(() -> Json.parse("{\"a\":1,\"a\":1}".getBytes(UTF_8)));
  }

  @Test
  @DisplayName("EVT-4: numbers and strings may be of any length")
  void parse_longTokens() {
    assertTimeout(
        Duration.ofSeconds(60),
        () -> {
          String digits = "7".repeat(1_000_000);
          String text = "{\"" + digits + "\":[\"" + digits + "\"," + digits + ",1e" + digits + "]}";

          assertThat(Json.parse(text).members()).hasSize(1);
          assertThat(Json.parse(text).sameValue(Json.parse(" " + text))).isTrue();
        });
  }

  @Test
  @DisplayName("EVT-4: a hundred thousand keys with one hash code cost no quadratic time")
  void parse_collidingKeys() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < 1 << 16; i++) {
      for (int bit = 0; bit < 16; bit++) {
        text.append(bit == 0 ? (i == 0 ? "\"" : ",\"") : "")
            .append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      text.append("\":0");
    }
    text.append('}');

    assertTimeout(Duration.ofSeconds(60), () -> Json.parse(text.toString()));
  }

  @Test
  @DisplayName("ERR-1: a null argument is named")
  void nullArguments() {
    Json json = Json.parse("1");

    assertThatNullPointerException()
        .isThrownBy(() -> Json.parse((String) null))
        .withMessage("text");
    assertThatNullPointerException()
        .isThrownBy(() -> Json.parse((byte[]) null))
        .withMessage("utf8");
    assertThatNullPointerException().isThrownBy(() -> json.as(null)).withMessage("type");
    assertThatNullPointerException().isThrownBy(() -> json.sameValue(null)).withMessage("other");
    assertThatNullPointerException().isThrownBy(() -> json.copyTo(null, 0)).withMessage("target");
  }
}
