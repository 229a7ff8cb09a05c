package ai.starcite.internal.segment;

import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli), as RFC 3720 has it. */
public final class Checksum {
  private Checksum() {}

  /** The checksum of a whole array. */
  public static int crc32c(byte[] bytes) {
    return crc32c(bytes, 0, bytes.length);
  }

  /** The checksum of part of an array. */
  public static int crc32c(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
