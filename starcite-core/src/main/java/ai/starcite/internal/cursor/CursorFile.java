package ai.starcite.internal.cursor;

import ai.starcite.Cursor;
import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.segment.Checksum;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of a cursor's file: a line with format and checksum, and a line of JSON, which is
 * what the checksum is of.
 */
final class CursorFile {
  private static final int FORMAT = 1;

  /** Read as bytes, one a character. */
  private static final Pattern FILE =
      Pattern.compile("starcite-cursor ([1-9]\\d{0,8}) ([0-9a-f]{8})\n(.*)", Pattern.DOTALL);

  private record Content(String sessionId, String reader, @Nullable String incarnation, long seq) {
    private Content {
      Objects.requireNonNull(sessionId, "sessionId");
      Objects.requireNonNull(reader, "reader");
    }
  }

  private CursorFile() {}

  static byte[] write(ReaderKey key, Cursor cursor) {
    String content =
        Json.encode(
                new Content(
                    key.sessionId(), key.reader(), cursor.incarnation().orElse(null), cursor.seq()))
            + "\n";
    String header =
        "starcite-cursor "
            + FORMAT
            + " "
            + checksum(content.getBytes(StandardCharsets.UTF_8))
            + "\n";
    return (header + content).getBytes(StandardCharsets.UTF_8);
  }

  /** Reads what {@link #write} wrote for the same reader, or fails with {@code CORRUPT}. */
  static Cursor read(ReaderKey key, byte[] file) {
    Matcher parts = FILE.matcher(new String(file, StandardCharsets.ISO_8859_1));
    if (!parts.matches()) {
      throw corrupt(key, "is damaged", null);
    }
    int format = Integer.parseInt(parts.group(1));
    if (format > FORMAT) {
      throw corrupt(key, "has format " + format + ", which takes a newer version to read", null);
    }
    byte[] json = parts.group(3).getBytes(StandardCharsets.ISO_8859_1);
    if (!parts.group(2).equals(checksum(json))) {
      throw corrupt(key, "is damaged", null);
    }
    Content content;
    Cursor cursor;
    try {
      content = Json.parse(json).as(Content.class);
      cursor =
          content.incarnation() == null
              ? Cursor.of(content.seq())
              : Cursor.of(content.seq(), content.incarnation());
    } catch (SessionLogException e) {
      throw corrupt(key, "does not say what it should", e);
    }
    if (!key.equals(new ReaderKey(content.sessionId(), content.reader()))) {
      throw corrupt(key, "is that of another reader", null);
    }
    return cursor;
  }

  private static String checksum(byte[] content) {
    return HexFormat.of().toHexDigits(Checksum.crc32c(content));
  }

  private static SessionLogException corrupt(
      ReaderKey key, String problem, @Nullable Exception cause) {
    return new SessionLogException(
        Code.CORRUPT,
        "the saved cursor of %s %s; restore its file %s, or forget it to start over"
            .formatted(key, problem, key.fileName()),
        cause);
  }
}
