package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the column families: a record is found by the UTF-8 bytes of its session's id, a
 * checkpoint by the incarnation's 16 bytes, a segment by those and its first seq, big-endian.
 */
final class Keys {
  /** What the keys of all segments of a session begin with. */
  static final int INCARNATION_BYTES = 16;

  /** The length of a segment's key. */
  static final int SEGMENT_BYTES = INCARNATION_BYTES + Long.BYTES;

  private Keys() {}

  /** The key of a session's record, or {@code INVALID} for a string that UTF-8 cannot hold. */
  static byte[] record(String sessionId) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(sessionId));
      return Arrays.copyOf(bytes.array(), bytes.limit());
    } catch (CharacterCodingException e) {
      throw new SessionLogException(
          Code.INVALID, "a session id must not contain lone surrogates; use whole characters", e);
    }
  }

  /** The 16 bytes of an incarnation, or {@code INVALID} for a string that no 16 bytes encode to. */
  static byte[] incarnation(String incarnation) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(incarnation);
      if (bytes.length == INCARNATION_BYTES
          && Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(incarnation)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Not base64url at all: refused like the wrong length.
    }
    throw new SessionLogException(
        Code.INVALID,
        "an incarnation is 16 bytes as 22 characters of base64url, but not " + incarnation);
  }

  static byte[] segment(byte[] incarnation, long firstSeq) {
    return ByteBuffer.allocate(SEGMENT_BYTES).put(incarnation).putLong(firstSeq).array();
  }

  /**
   * The key behind every segment of the incarnation: as an unsigned number no seq is as high as -1.
   */
  static byte[] segmentsEnd(byte[] incarnation) {
    return segment(incarnation, -1);
  }

  static long firstSeq(byte[] segmentKey) {
    return ByteBuffer.wrap(segmentKey).getLong(INCARNATION_BYTES);
  }

  /** The smallest key behind every key that starts with the prefix, or null if there is none. */
  static byte @Nullable [] prefixEnd(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] end = Arrays.copyOf(prefix, length);
    end[length - 1]++;
    return end;
  }

  /** The smallest key behind the given one. */
  static byte[] next(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }
}
