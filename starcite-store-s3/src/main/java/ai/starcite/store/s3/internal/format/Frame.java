package ai.starcite.store.s3.internal.format;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The frame of all objects other than segments: four letters for the kind, a format number, the
 * content, and a CRC-32C of the rest.
 */
public final class Frame {
  private static final int FORMAT = 1;
  private static final int HEADER = Integer.BYTES + 1;

  /** The kinds of objects, with their four letters. */
  public enum Kind {
    LIFE("SC3L"),
    MANIFEST("SC3M"),
    CHUNK("SC3C"),
    CHECKPOINT("SC3K"),
    DELETION("SC3D");

    private final int magic;

    Kind(String letters) {
      int packed = 0;
      for (char each : letters.toCharArray()) {
        packed = packed << 8 | each;
      }
      this.magic = packed;
    }
  }

  /** Writes the content of an object. */
  public interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  /** Reads the content of an object. */
  public interface Parser<T> {
    T from(DataInputStream in) throws IOException;
  }

  private Frame() {}

  public static byte[] write(Kind kind, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(kind.magic);
      out.writeByte(FORMAT);
      content.writeTo(out);
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Returns whether bytes begin like an object of a kind. */
  public static boolean is(Kind kind, byte[] bytes) {
    return bytes.length > HEADER && ByteBuffer.wrap(bytes).getInt() == kind.magic;
  }

  public static <T> T read(Kind kind, byte[] bytes, Parser<T> parser) {
    int body = bytes.length - Integer.BYTES;
    if (body < HEADER || !is(kind, bytes)) {
      throw corrupt("%d bytes are not a %s of a session".formatted(bytes.length, kind), null);
    }
    int format = bytes[Integer.BYTES];
    if (format > FORMAT) {
      throw corrupt(
          "a %s of format %d; this version reads up to %d: use a newer one"
              .formatted(kind, format, FORMAT),
          null);
    }
    if (ByteBuffer.wrap(bytes).getInt(body) != checksum(bytes, body)) {
      throw corrupt("a %s of a session does not match its checksum".formatted(kind), null);
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, HEADER, body - HEADER))) {
      return parser.from(in);
    } catch (IOException e) {
      throw corrupt("a %s of a session ends too early".formatted(kind), e);
    }
  }

  static void writeToken(DataOutputStream out, UUID token) throws IOException {
    out.writeLong(token.getMostSignificantBits());
    out.writeLong(token.getLeastSignificantBits());
  }

  static UUID readToken(DataInputStream in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }

  public static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  public static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a length of " + length + " with " + in.available() + " bytes left");
    }
    return in.readNBytes(length);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static SessionLogException corrupt(String message, Throwable cause) {
    return new SessionLogException(Code.CORRUPT, message, cause);
  }
}
