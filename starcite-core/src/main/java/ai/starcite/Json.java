package ai.starcite;

import ai.starcite.SessionLogException.Code;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON value: the UTF-8 bytes as they were given, checked once, parsed on demand.
 *
 * <p>Every instance is valid (clause EVT-4): one value of JSON as RFC 8259 has it, in strict UTF-8
 * without a byte order mark, nested 101 levels deep at most, no key twice in an object, and no lone
 * surrogate, not even an escaped one. Numbers and strings may be of any length. Payload, metadata
 * and refs of an event may be 100 levels deep, so that its wire form, an object around them, is
 * valid too. What breaks a rule fails with {@link Code#INVALID} and a message that says what and
 * where.
 *
 * <p>Two values are {@link #equals equal} if their bytes are. {@link #sameValue} compares what they
 * mean.
 */
public final class Json {
  static {
    CoreValues.register();
  }

  /** Never modified, never handed out outside core. */
  private final byte[] utf8;

  /** Whether this may be one level deeper than what can be stored. */
  private final boolean mayBeTooDeep;

  /** Takes bytes that are known to be valid, and can be stored, without a copy. */
  Json(byte[] utf8) {
    this(utf8, false);
  }

  /** Takes bytes that are known to be valid, without a copy. */
  Json(byte[] utf8, boolean mayBeTooDeep) {
    this.utf8 = utf8;
    this.mayBeTooDeep = mayBeTooDeep;
  }

  /**
   * Parses a JSON text.
   *
   * @param text the text
   * @return the value, whose bytes are the text in UTF-8
   * @throws SessionLogException {@code INVALID} if the text is not valid JSON
   */
  public static Json parse(String text) {
    Objects.requireNonNull(text, "text");
    int lone = Utf8.indexOfLoneSurrogate(text);
    if (lone >= 0) {
      throw new SessionLogException(
          Code.INVALID, "invalid JSON at index " + lone + " of the text: a lone surrogate");
    }
    int depth = JsonText.check(text);
    return new Json(text.getBytes(StandardCharsets.UTF_8), depth > JsonText.MAX_DEPTH);
  }

  /**
   * Parses a JSON text in UTF-8.
   *
   * @param utf8 the text, which is copied
   * @return the value of these bytes
   * @throws SessionLogException {@code INVALID} if the text is not valid JSON
   */
  public static Json parse(byte[] utf8) {
    byte[] copy = Objects.requireNonNull(utf8, "utf8").clone();
    return new Json(copy, JsonText.check(copy) > JsonText.MAX_DEPTH);
  }

  /**
   * Encodes a Java value: records and classes with their components in snake_case and without those
   * that are null, maps, collections, arrays, strings, numbers, booleans, enums, {@code java.time}
   * values as ISO 8601 text, {@code Optional}, null. Jackson annotations are respected. A {@code
   * Json} within the value is written as it is.
   *
   * @param value the value, null for the JSON value null
   * @return its JSON
   * @throws SessionLogException {@code INVALID} if it cannot be written as valid JSON: it contains
   *     NaN, an infinity or a lone surrogate, is too deep or circular, or of a type that Jackson
   *     cannot write
   */
  public static Json encode(@Nullable Object value) {
    return value instanceof Json json ? json : JsonMapper.encode(value);
  }

  /**
   * Returns the bytes as they were given.
   *
   * @return a copy
   */
  public byte[] bytes() {
    return utf8.clone();
  }

  /** The bytes themselves, not to be modified. */
  byte[] unsafeBytes() {
    return utf8;
  }

  /**
   * Returns the number of bytes.
   *
   * @return 1 or more
   */
  public int size() {
    return utf8.length;
  }

  /**
   * Copies the bytes, for those who assemble a larger text.
   *
   * @param target where to
   * @param offset where in {@code target} to begin
   * @throws IndexOutOfBoundsException if they do not fit
   */
  public void copyTo(byte[] target, int offset) {
    Objects.requireNonNull(target, "target");
    System.arraycopy(utf8, 0, target, offset, utf8.length);
  }

  /**
   * Returns whether this is an object.
   *
   * @return true if it is
   */
  public boolean isObject() {
    return first() == '{';
  }

  /** Whether this is nested deeper than what is stored may be. */
  boolean isTooDeep() {
    return mayBeTooDeep && JsonText.isDeeper(utf8, JsonText.MAX_DEPTH);
  }

  boolean isNull() {
    return first() == 'n';
  }

  private byte first() {
    int i = 0;
    while (utf8[i] == ' ' || utf8[i] == '\n' || utf8[i] == '\r' || utf8[i] == '\t') {
      i++;
    }
    return utf8[i];
  }

  /**
   * Reads the value as a Java type: a record, a class that Jackson can read, {@code Map}, {@code
   * String}, a number and so on. Names are in snake_case, unknown ones are ignored, and nothing is
   * converted silently: text stays text, a number a number. A component of type {@code Json} gets
   * its bytes as they stand. A type in a named module must be open to {@code
   * com.fasterxml.jackson.databind} unless it is public and exported.
   *
   * @param type the type
   * @param <T> the type
   * @return the value, never null
   * @throws SessionLogException {@code INVALID} if this does not have the shape of that type,
   *     naming the path and the type
   */
  public <T> T as(Class<T> type) {
    return JsonMapper.read(this, Objects.requireNonNull(type, "type"), "the JSON");
  }

  /**
   * Returns the members of an object.
   *
   * @return an unmodifiable map in the order of the text; the bytes of each value are as they stand
   * @throws SessionLogException {@code INVALID} if this is not an object
   */
  public Map<String, Json> members() {
    if (!isObject()) {
      throw new SessionLogException(
          Code.INVALID, "only a JSON object has members, this is " + JsonText.preview(this));
    }
    return JsonValues.members(this);
  }

  /**
   * Returns whether two values mean the same: the order of keys, white space, escapes and the way
   * that a number is written do not count. {@code 1.0} equals {@code 1} and {@code 10e-1}; no
   * number is ever expanded.
   *
   * @param other the other value
   * @return true if they are equal as JSON values
   */
  public boolean sameValue(Json other) {
    Objects.requireNonNull(other, "other");
    return equals(other) || JsonValues.same(this, other);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Json other && Arrays.equals(utf8, other.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  /**
   * Returns the text as it was given. A Jackson mapper of the application's own (2 or 3) writes a
   * {@code Json} as this text, not as a string.
   *
   * @return the text
   */
  @Override
  @JsonValue
  @JsonRawValue
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
