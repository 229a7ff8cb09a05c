package ai.starcite;

import ai.starcite.SessionLogException.Code;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Strict UTF-8: nothing is ever replaced by a question mark. */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /** Decodes, or fails with {@code INVALID} naming the first wrong byte. */
  static String decode(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    // The JDK puts U+FFFD where bytes are wrong. Without one, and that costs next to nothing to
    // find out, they are right.
    if (text.indexOf(REPLACEMENT) >= 0) {
      rejectMalformed(utf8);
    }
    return text;
  }

  private static void rejectMalformed(byte[] utf8) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(utf8);
    CharBuffer out = CharBuffer.allocate(1024);
    CoderResult result;
    do {
      result = decoder.decode(in, out.clear(), true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new SessionLogException(
          Code.INVALID,
          String.format("invalid UTF-8 at byte %d: 0x%02x", in.position(), utf8[in.position()]));
    }
  }

  /** The index of the first surrogate without its partner, or -1. */
  static int indexOfLoneSurrogate(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == length
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** The number of bytes of a text without lone surrogates. */
  static int length(CharSequence text) {
    int chars = text.length();
    int bytes = chars;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // Two surrogates are two chars and four bytes, so each of them is one more than counted.
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return bytes;
  }
}
