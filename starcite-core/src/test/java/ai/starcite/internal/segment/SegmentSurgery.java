package ai.starcite.internal.segment;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Changes segments as later formats might, and leaves them consistent. */
final class SegmentSurgery {
  private static final int FLAGS = 5;
  private static final int HEADER_LENGTH = 6;
  private static final int LENGTH = 8;

  private SegmentSurgery() {}

  /** Makes the checksum fit the bytes. */
  static void repairChecksum(byte[] segment) {
    int body = segment.length - Integer.BYTES;
    ByteBuffer.wrap(segment).putInt(body, Checksum.crc32c(segment, 0, body));
  }

  /** A copy with another format version. */
  static byte[] withFormat(byte[] segment, int format) {
    byte[] copy = segment.clone();
    copy[4] = (byte) format;
    repairChecksum(copy);
    return copy;
  }

  /** A copy with further header flags. */
  static byte[] withHeaderFlags(byte[] segment, int flags) {
    byte[] copy = segment.clone();
    copy[FLAGS] |= (byte) flags;
    repairChecksum(copy);
    return copy;
  }

  /** A copy whose header has so many bytes more. */
  static byte[] withLongerHeader(byte[] segment, int bytes) {
    byte[] more = new byte[bytes];
    Arrays.fill(more, (byte) 0x5A);
    byte[] copy = insert(segment, SegmentHeader.LENGTH, more);
    ByteBuffer.wrap(copy).putShort(HEADER_LENGTH, (short) (SegmentHeader.LENGTH + bytes));
    repairChecksum(copy);
    return copy;
  }

  /**
   * A copy whose first record, with flags of one byte, has further flags and further bytes at its
   * end.
   */
  static byte[] withRecordFlags(byte[] segment, long flags, byte[] trailing) {
    int record = SegmentHeader.LENGTH;
    ByteBuffer in = ByteBuffer.wrap(segment);
    int length = in.getInt(record);
    int body = record + Integer.BYTES;
    byte[] newFlags = varint(flags | segment[body]);
    byte[] copy = insert(segment, body + length, trailing);
    copy = insert(copy, body + 1, Arrays.copyOfRange(newFlags, 1, newFlags.length));
    copy[body] = newFlags[0];
    ByteBuffer.wrap(copy).putInt(record, length + trailing.length + newFlags.length - 1);
    repairChecksum(copy);
    return copy;
  }

  private static byte[] insert(byte[] segment, int at, byte[] bytes) {
    byte[] copy = new byte[segment.length + bytes.length];
    ByteBuffer.wrap(copy)
        .put(segment, 0, at)
        .put(bytes)
        .put(segment, at, segment.length - at)
        .putInt(LENGTH, copy.length);
    return copy;
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest | 0x80) & 0xFF);
      rest >>>= 7;
    }
    out.write((int) rest);
    return out.toByteArray();
  }
}
