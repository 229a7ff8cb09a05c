package ai.starcite.spi;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.segment.Checksum;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * What a store keeps of a session beside its events. {@link #toBytes} and {@link #fromBytes} give
 * every store the same encoding.
 *
 * @param key id and incarnation
 * @param title a title, if there is one
 * @param metadata a JSON object
 * @param createdAt when it was created, in microseconds
 * @param updatedAt when this version was made, in microseconds
 * @param version 1 at create, one more with every change
 * @param archived whether it is hidden from plain listings
 * @param sealed whether it takes no more events
 * @param token random and new with every write of the log, so that a writer knows its own record
 */
public record SessionRecord(
    SessionKey key,
    Optional<String> title,
    Json metadata,
    Instant createdAt,
    Instant updatedAt,
    long version,
    boolean archived,
    boolean sealed,
    UUID token) {

  private static final int FORMAT = 1;
  private static final int ARCHIVED = 1;
  private static final int SEALED = 2;
  private static final int TITLED = 4;

  /**
   * Returns this record as a sealing segment leaves it: what {@link SegmentStore#append} stores
   * together with such a segment.
   *
   * @param segment the sealing segment
   * @return a sealed record of the next version
   */
  public SessionRecord sealedBy(Segment segment) {
    return new SessionRecord(
        key, title, metadata, createdAt, segment.time(), version + 1, archived, true, token);
  }

  /**
   * Encodes this record. The encoding carries a version and a checksum.
   *
   * @return the bytes to store
   */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128 + metadata.size());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeByte(
          (archived ? ARCHIVED : 0) | (sealed ? SEALED : 0) | (title.isPresent() ? TITLED : 0));
      out.writeUTF(key.id());
      out.writeUTF(key.incarnation());
      if (title.isPresent()) {
        out.writeUTF(title.get());
      }
      out.writeLong(micros(createdAt));
      out.writeLong(micros(updatedAt));
      out.writeLong(version);
      out.writeLong(token.getMostSignificantBits());
      out.writeLong(token.getLeastSignificantBits());
      out.writeInt(metadata.size());
      out.write(metadata.bytes());
      out.writeInt(Checksum.crc32c(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Decodes a record.
   *
   * @param bytes what {@link #toBytes} gave
   * @return the record
   * @throws SessionLogException {@code CORRUPT} if the checksum does not match, or the format is
   *     one that this version cannot read
   */
  public static SessionRecord fromBytes(byte[] bytes) {
    int body = bytes.length - Integer.BYTES;
    if (body < 1 || ByteBuffer.wrap(bytes).getInt(body) != Checksum.crc32c(bytes, 0, body)) {
      throw new SessionLogException(
          Code.CORRUPT,
          "a session record of "
              + bytes.length
              + " bytes does not match its checksum; restore it from a backup");
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, body))) {
      int format = in.readUnsignedByte();
      if (format > FORMAT) {
        throw new SessionLogException(
            Code.CORRUPT,
            "a session record of format "
                + format
                + "; this version reads up to "
                + FORMAT
                + ": use a newer one");
      }
      int flags = in.readUnsignedByte();
      SessionKey key = new SessionKey(in.readUTF(), in.readUTF());
      Optional<String> title = (flags & TITLED) != 0 ? Optional.of(in.readUTF()) : Optional.empty();
      Instant createdAt = instant(in.readLong());
      Instant updatedAt = instant(in.readLong());
      long version = in.readLong();
      UUID token = new UUID(in.readLong(), in.readLong());
      Json metadata = metadata(in.readNBytes(in.readInt()));
      return new SessionRecord(
          key,
          title,
          metadata,
          createdAt,
          updatedAt,
          version,
          (flags & ARCHIVED) != 0,
          (flags & SEALED) != 0,
          token);
    } catch (IOException e) {
      throw new SessionLogException(Code.CORRUPT, "a session record ends too early", e);
    }
  }

  private static Json metadata(byte[] bytes) {
    try {
      return Json.parse(bytes);
    } catch (SessionLogException e) {
      throw new SessionLogException(Code.CORRUPT, "a session record has damaged metadata", e);
    }
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static long micros(Instant instant) {
    // ChronoUnit.MICROS.between counts nanoseconds, which overflow in the year 2262.
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }
}
