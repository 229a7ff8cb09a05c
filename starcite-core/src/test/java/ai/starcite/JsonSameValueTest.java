package ai.starcite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSameValueTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":1,"b":[2]}     | `{ "b" : [ 2 ],\t"a" : 1 }`
          1                   | 1.0
          1                   | 10e-1
          1                   | 0.1E+1
          100                 | 1e2
          -0                  | 0
          0                   | -0.000e99999999999999999999
          -1.50               | -15e-1
          1e999999999         | 10e999999998
          1e999999999999999999 | 10e999999999999999998
          10e999999999999999999 | 1e1000000000000000000
          1e99999999999999999999 | 0.1e100000000000000000000
          1e-100000000000000000000 | 10e-100000000000000000001
          0.01e-99999999999999999999 | 1e-100000000000000000001
          1000e-1000000000000000002 | 1e-999999999999999999
          1e+0000000000000000000000000000005 | 100000
          "\\u0061\\/\\n"     | "a/\\u000A"
          "\\ud83d\\ude00"    | "😀"
          {"\\u0061":null}    | {"a":null}
          [true,false,null]   | `[ true, false, null ]`
          """)
  @DisplayName("APP-4: values are the same whatever way they are written")
  void sameValue_spelling(String one, String other) {
    assertThat(Json.parse(one).sameValue(Json.parse(other))).isTrue();
    assertThat(Json.parse(other).sameValue(Json.parse(one))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          1                   | 2
          1                   | -1
          1                   | "1"
          1e1                 | 1e2
          1e999999999         | 1e999999998
          1e99999999999999999999 | 1e99999999999999999998
          1e99999999999999999999 | 1e-99999999999999999999
          9007199254740993    | 9007199254740992
          0.1                 | 0.1000000000000000055511151231257827
          null                | false
          null                | "null"
          {}                  | []
          {}                  | {"a":null}
          [1,2]               | [2,1]
          [1]                 | [1,1]
          "a"                 | "A"
          "\\u00e9"           | "e\\u0301"
          {"a":1,"b":2}       | {"a":2,"b":1}
          """)
  @DisplayName("APP-4: values that differ are not the same")
  void sameValue_differs(String one, String other) {
    assertThat(Json.parse(one).sameValue(Json.parse(other))).isFalse();
    assertThat(Json.parse(other).sameValue(Json.parse(one))).isFalse();
  }

  @Test
  @DisplayName("APP-4: no number is ever expanded, and long ones cost no more than their text")
  void sameValue_hostileNumbers() {
    assertTimeout(
        Duration.ofSeconds(60),
        () -> {
          String zeros = "0".repeat(1_000_000);
          String nines = "9".repeat(1_000_000);
          assertSame("1" + zeros, "1e1000000", true);
          assertSame("0." + zeros + "1", "1e-1000001", true);
          assertSame("1e" + nines, "0.1e1" + zeros, true);
          assertSame("1e-" + nines, "10e-1" + zeros, true);
          assertSame("1e" + nines, "1e1" + zeros, false);
          assertSame(nines, nines + ".0", true);
          assertSame(nines, nines + ".1", false);
          assertSame("[" + "1e999999999,".repeat(50_000) + "1]", "[1]", false);
        });
  }

  private static void assertSame(String one, String other, boolean same) {
    assertThat(Json.parse(one).sameValue(Json.parse(other))).isEqualTo(same);
  }
}
