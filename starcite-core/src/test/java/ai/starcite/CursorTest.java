package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"0", "42", "9223372036854775807", "42@inc", "0@a@b", "7@ü", "7@ x ", "1@1"})
  @DisplayName("TAIL-1: a cursor reads back from its text")
  void parse(String text) {
    assertThat(Cursor.parse(text))
        .hasToString(text)
        .isEqualTo(Cursor.parse(text))
        .hasSameHashCodeAs(Cursor.parse(text));
  }

  @Test
  @DisplayName("SES-7: a cursor has a seq, and the incarnation that it was taken from")
  void of() {
    assertThat(Cursor.start().seq()).isZero();
    assertThat(Cursor.start().incarnation()).isEmpty();
    assertThat(Cursor.parse("0")).isEqualTo(Cursor.start());
    assertThat(Cursor.of(42)).isEqualTo(Cursor.parse("42")).hasToString("42");
    Cursor bound = Cursor.of(42, "inc");
    assertThat(bound).isEqualTo(Cursor.parse("42@inc")).hasToString("42@inc");
    assertThat(bound.seq()).isEqualTo(42);
    assertThat(bound.incarnation()).hasValue("inc");
    assertThat(bound)
        .isNotEqualTo(Cursor.of(42))
        .isNotEqualTo(Cursor.of(43, "inc"))
        .isNotEqualTo(Cursor.of(42, "other"))
        .isNotEqualTo("42@inc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "@",
        "@inc",
        "42@",
        "-1",
        "-0",
        "+1",
        " 42",
        "42 ",
        "4 2",
        "1.0",
        "1e3",
        "0x10",
        "٤٢",
        "9223372036854775808",
        "99999999999999999999999999",
        "null",
        "latest",
        "42@\ud800",
        "42,43"
      })
  @DisplayName("TAIL-1: a text that is no cursor is INVALID")
  void parse_bad(String text) {
    assertInvalid(() -> Cursor.parse(text)).message().hasSizeLessThan(300);
  }

  @Test
  @DisplayName("TAIL-1: parts that break their range are INVALID, and null is named")
  void of_bad() {
    assertInvalid(() -> Cursor.of(-1)).hasMessageContaining("seq");
    assertInvalid(() -> Cursor.of(-1, "inc")).hasMessageContaining("seq");
    assertInvalid(() -> Cursor.of(1, "")).hasMessageContaining("incarnation");
    assertInvalid(() -> Cursor.of(1, "x".repeat(257))).hasMessageContaining("incarnation");
    assertInvalid(() -> Cursor.parse("1@" + "x".repeat(257))).hasMessageContaining("incarnation");
    assertInvalid(() -> Cursor.parse("x".repeat(10_000))).message().hasSizeLessThan(300);
    assertThatNullPointerException()
        .isThrownBy(() -> Cursor.of(1, null))
        .withMessage("incarnation");
    assertThatNullPointerException().isThrownBy(() -> Cursor.parse(null)).withMessage("text");
  }
}
