package ai.starcite.internal.segment;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SessionKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The fixed part of a segment; {@code docs/format.md} is its specification. All numbers are
 * big-endian.
 *
 * <pre>
 *  0 magic "SCSG"       12 event count          40 time of the last event, µs
 *  4 format version     16 first seq            48 token
 *  5 flags              24 hash of the session  64 token of the segment before
 *  6 header length      32 base time, µs        80 records … CRC-32C of all before it
 *  8 segment length
 * </pre>
 */
public final class SegmentHeader {
  static final int MAGIC = 0x53435347;
  static final int FORMAT = 1;
  static final int LENGTH = 80;
  static final int TRAILER = Integer.BYTES;

  /** Flags from here on must be understood; a reader refuses those it does not know. */
  private static final int MUST_UNDERSTAND = 0xF0;

  private static final int SEALS = 0x10;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private SegmentHeader() {}

  /** Checks that a readable segment begins at the offset, and gives its length in bytes. */
  public static int checkedLength(byte[] b, int offset) {
    int available = b.length - offset;
    if (offset < 0 || available < LENGTH + TRAILER || (int) INT.get(b, offset) != MAGIC) {
      throw corrupt("no segment begins at byte " + offset + " of " + b.length);
    }
    int format = b[offset + 4] & 0xFF;
    int unknown = b[offset + 5] & MUST_UNDERSTAND & ~SEALS;
    if (format != FORMAT || unknown != 0) {
      throw corrupt(
          "a segment of format %d, flags 0x%02x; this version reads format %d: use a newer one"
              .formatted(format, b[offset + 5] & 0xFF, FORMAT));
    }
    int length = (int) INT.get(b, offset + 8);
    if (length < headerLength(b, offset) + TRAILER
        || length > available
        || headerLength(b, offset) < LENGTH
        || count(b, offset) < 0
        || firstSeq(b, offset) < 1) {
      throw corrupt("the segment at byte " + offset + " has a damaged header");
    }
    return length;
  }

  static int headerLength(byte[] b, int offset) {
    return ((short) SHORT.get(b, offset + 6)) & 0xFFFF;
  }

  /** The number of events. */
  public static int count(byte[] b, int offset) {
    return (int) INT.get(b, offset + 12);
  }

  /** The seq of the first event. */
  public static long firstSeq(byte[] b, int offset) {
    return (long) LONG.get(b, offset + 16);
  }

  public static long sessionHash(byte[] b, int offset) {
    return (long) LONG.get(b, offset + 24);
  }

  static long baseTime(byte[] b, int offset) {
    return (long) LONG.get(b, offset + 32);
  }

  /** The time of the last event in microseconds. */
  public static long lastTime(byte[] b, int offset) {
    return (long) LONG.get(b, offset + 40);
  }

  /** The segment's own token. */
  public static UUID token(byte[] b, int offset) {
    return new UUID((long) LONG.get(b, offset + 48), (long) LONG.get(b, offset + 56));
  }

  /** The token of the segment before. */
  public static UUID previousToken(byte[] b, int offset) {
    return new UUID((long) LONG.get(b, offset + 64), (long) LONG.get(b, offset + 72));
  }

  /** Whether the segment ends its session. */
  public static boolean seals(byte[] b, int offset) {
    return (b[offset + 5] & SEALS) != 0;
  }

  /** Whether the bytes match the checksum behind them. */
  public static boolean isIntact(byte[] b, int offset, int length) {
    int body = length - TRAILER;
    return (int) INT.get(b, offset + body) == Checksum.crc32c(b, offset, body);
  }

  /**
   * Writes header and checksum around records that begin at {@link #LENGTH}.
   *
   * @param length that of the segment, with both of them
   */
  static void write(byte[] b, int length, SegmentFrame frame) {
    INT.set(b, 0, MAGIC);
    b[4] = FORMAT;
    b[5] = (byte) (frame.seals() ? SEALS : 0);
    SHORT.set(b, 6, (short) LENGTH);
    INT.set(b, 8, length);
    INT.set(b, 12, frame.count());
    LONG.set(b, 16, frame.firstSeq());
    LONG.set(b, 24, frame.sessionHash());
    LONG.set(b, 32, frame.baseTime());
    LONG.set(b, 40, frame.lastTime());
    LONG.set(b, 48, frame.token().getMostSignificantBits());
    LONG.set(b, 56, frame.token().getLeastSignificantBits());
    LONG.set(b, 64, frame.previousToken().getMostSignificantBits());
    LONG.set(b, 72, frame.previousToken().getLeastSignificantBits());
    int body = length - TRAILER;
    INT.set(b, body, Checksum.crc32c(b, 0, body));
  }

  /**
   * The hash that ties a segment to its session: FNV-1a, 64 bits, over id, a zero byte,
   * incarnation.
   */
  public static long hash(SessionKey key) {
    long hash = 0xcbf29ce484222325L;
    byte[] bytes = (key.id() + '\0' + key.incarnation()).getBytes(StandardCharsets.UTF_8);
    for (byte each : bytes) {
      hash = (hash ^ (each & 0xFF)) * 0x100000001b3L;
    }
    return hash;
  }

  private static SessionLogException corrupt(String message) {
    return new SessionLogException(Code.CORRUPT, message);
  }
}
