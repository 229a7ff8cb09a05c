package ai.starcite.internal;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/** The limits of the contract, checked once at the public edge. */
public final class Limits {
  /** The longest string of an event, and the longest id, in bytes of UTF-8. */
  public static final int STRING_BYTES = 256;

  /** The longest title, in characters. */
  public static final int TITLE_CHARACTERS = 1_024;

  /** The largest metadata of a session, in bytes. */
  public static final int METADATA_BYTES = 64 << 10;

  /** The most events of a batch. */
  public static final int BATCH_EVENTS = 10_000;

  /** The largest batch, in bytes of events. */
  public static final int BATCH_BYTES = 8 << 20;

  private Limits() {}

  /** An exception that blames an argument. */
  public static SessionLogException invalid(String message) {
    return new SessionLogException(Code.INVALID, message);
  }

  /** Clause SES-2. */
  public static String requireSessionId(String id) {
    Objects.requireNonNull(id, "sessionId");
    requireString("session id", id);
    for (int i = 0; i < id.length(); i++) {
      if (Character.isISOControl(id.charAt(i))) {
        throw invalid("the session id has a control character; ids are 1 to 256 bytes without any");
      }
    }
    return id;
  }

  /** A string of an event: 1 to 256 bytes of UTF-8 (clause EVT-1). Returns its bytes' number. */
  public static int requireString(String name, String value) {
    int bytes = value.length() > STRING_BYTES ? value.length() : utf8Length(name, value);
    if (bytes == 0 || bytes > STRING_BYTES) {
      throw invalid(
          name + " is " + (bytes == 0 ? "empty" : "too long") + "; it must be 1 to 256 bytes");
    }
    return bytes;
  }

  /** Refuses lone surrogates. */
  public static void requireWellFormed(String name, String value) {
    utf8Length(name, value);
  }

  /** Clause SES-3. */
  public static void requireTitle(String title) {
    Objects.requireNonNull(title, "title");
    requireWellFormed("title", title);
    int characters = title.codePointCount(0, title.length());
    if (characters > TITLE_CHARACTERS) {
      throw invalid("title has " + characters + " characters; at most 1024 are allowed");
    }
  }

  /** Clause SES-3. */
  public static void requireMetadata(Json metadata) {
    requireObject("metadata", metadata);
    if (metadata.size() > METADATA_BYTES) {
      throw invalid("metadata is " + metadata.size() + " bytes; at most 65536 are allowed");
    }
  }

  /** Refuses JSON that is not an object, or deeper than what is stored may be (clause EVT-4). */
  public static void requireObject(String name, Json json) {
    Objects.requireNonNull(json, name);
    if (!json.isObject()) {
      throw invalid(name + " must be a JSON object");
    }
    if (CoreAccess.access().isTooDeep(json)) {
      throw invalid(name + " is nested deeper than 100 levels");
    }
  }

  /** Refuses a number below 1. */
  public static long requireAtLeastOne(String name, long value) {
    if (value < 1) {
      throw invalid(name + " must be 1 or more, this is " + value);
    }
    return value;
  }

  /** Refuses a negative number. */
  public static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw invalid(name + " is " + value + "; it must not be negative");
    }
  }

  /** Refuses a time-out that is zero or negative. */
  public static void requireTimeout(String name, Duration timeout) {
    Objects.requireNonNull(timeout, name);
    if (timeout.isNegative() || timeout.isZero()) {
      throw invalid(name + " is " + timeout + "; it must be positive");
    }
  }

  /**
   * A duration in nanoseconds; none if it is negative, and the longest there is if it is longer.
   */
  public static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) >= 0
        ? Long.MAX_VALUE / 2
        : duration.toNanos();
  }

  /** How long to wait, in nanoseconds; zero is not at all. */
  public static long waitingNanos(Duration timeout) {
    if (Objects.requireNonNull(timeout, "timeout").isNegative()) {
      throw invalid("timeout is " + timeout + "; it must not be negative");
    }
    return nanos(timeout);
  }

  private static int utf8Length(String name, String value) {
    int length = value.length();
    int bytes = length;
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c < 0x80) {
        continue;
      }
      if (!Character.isSurrogate(c)) {
        bytes += c < 0x800 ? 1 : 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        bytes += 2;
        i++;
      } else {
        throw invalid(
            name + " has a lone surrogate at character " + i + "; it is not valid Unicode");
      }
    }
    return bytes;
  }

  /** The UTF-8 bytes of a string that was checked before. */
  public static byte[] utf8(String checked) {
    return checked.getBytes(StandardCharsets.UTF_8);
  }
}
