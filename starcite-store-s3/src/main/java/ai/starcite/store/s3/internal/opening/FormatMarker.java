package ai.starcite.store.s3.internal.opening;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.store.s3.internal.client.BucketPlace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The object that marks a prefix as used since the first store was opened there. It says in which
 * format the data is kept, and with which grace: a process with a shorter grace would delete
 * objects that others still use.
 *
 * @param version the version of the format
 * @param grace the grace of all stores there
 */
record FormatMarker(int version, Duration grace) {
  /** The key, which is none of a session's. */
  static final String KEY = "format";

  private static final int VERSION = 1;
  private static final Pattern FIRST_LINE = Pattern.compile("starcite-s3 (\\d{1,9})");
  private static final Pattern SECOND_LINE = Pattern.compile("grace (P\\S+)");

  static FormatMarker of(Duration grace) {
    return new FormatMarker(VERSION, grace);
  }

  byte[] bytes() {
    return "starcite-s3 %d%ngrace %s%n"
        .formatted(version, grace)
        .replace("\r", "")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Fails unless a marker that was found has the same format and grace. */
  void requireSame(byte[] found, BucketPlace place) {
    String[] lines = new String(found, StandardCharsets.UTF_8).split("\n", -1);
    Matcher first = FIRST_LINE.matcher(lines[0]);
    if (!first.matches()) {
      throw unavailable(
          place + KEY + " was not written by Starcite: give the store a prefix of its own");
    }
    int foundVersion = Integer.parseInt(first.group(1));
    if (foundVersion > version) {
      throw unavailable(
          "%s is kept in format %d, and this version of Starcite knows formats up to %d: use a newer one"
              .formatted(place, foundVersion, version));
    }
    Duration foundGrace = grace(lines.length > 1 ? lines[1] : "", place);
    if (!foundGrace.equals(grace)) {
      throw unavailable(
          ("%s was created with a grace of %s, not %s: set the same grace(…) in all processes. To"
                  + " change it, stop them all, wait for the longer one, and delete %s%s")
              .formatted(place, foundGrace, grace, place, KEY));
    }
  }

  private static Duration grace(String line, BucketPlace place) {
    Matcher second = SECOND_LINE.matcher(line);
    try {
      if (second.matches()) {
        return Duration.parse(second.group(1));
      }
    } catch (DateTimeParseException e) {
      throw damaged(place, e);
    }
    throw damaged(place, null);
  }

  private static SessionLogException damaged(
      BucketPlace place, @Nullable DateTimeParseException e) {
    return new SessionLogException(
        Code.CORRUPT,
        place
            + KEY
            + " is damaged: delete it if all processes are set to one grace; the next to open the"
            + " store writes it again",
        e);
  }

  private static SessionLogException unavailable(String message) {
    return new SessionLogException(Code.STORE_UNAVAILABLE, message);
  }
}
