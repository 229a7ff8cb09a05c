package ai.starcite.spi;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.segment.SegmentHeader;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/**
 * A run of events of one session as the bytes that are stored: framed, checksummed, and not to be
 * changed by a store. Segments know their own length, so that joining them is putting their bytes
 * one after the other; {@link #at} takes them apart again.
 *
 * <p>Immutable and thread-safe, as long as nobody modifies the array.
 */
public final class Segment {
  private final byte[] array;
  private final int offset;
  private final int length;

  private Segment(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /**
   * Takes an array as one segment. Reads the header, but not the checksum: see {@link #isIntact()}.
   *
   * @param bytes a whole segment; not copied, not to be modified afterwards
   * @return the segment
   * @throws SessionLogException {@code CORRUPT} if these are not the bytes of one segment, or of a
   *     format that this version cannot read
   */
  public static Segment of(byte[] bytes) {
    Segment segment = at(bytes, 0);
    if (segment.length != bytes.length) {
      throw new SessionLogException(
          Code.CORRUPT,
          "a segment of " + segment.length + " bytes was stored as " + bytes.length + " bytes");
    }
    return segment;
  }

  /**
   * Takes part of an array as a segment, such as one of several that were joined.
   *
   * @param bytes holds the segment; not copied, not to be modified afterwards
   * @param offset where the segment begins; the next one begins {@link #length()} bytes later
   * @return the segment
   * @throws SessionLogException {@code CORRUPT} if no segment begins there, or one of a format that
   *     this version cannot read
   */
  public static Segment at(byte[] bytes, int offset) {
    return new Segment(bytes, offset, SegmentHeader.checkedLength(bytes, offset));
  }

  /**
   * Returns the seq of the first event, or the next seq of the session if there is no event.
   *
   * @return at least 1
   */
  public long firstSeq() {
    return SegmentHeader.firstSeq(array, offset);
  }

  /**
   * Returns the number of events.
   *
   * @return 0 only for a segment that does nothing but seal
   */
  public int count() {
    return SegmentHeader.count(array, offset);
  }

  /**
   * Returns the seq after the last event.
   *
   * @return {@code firstSeq + count}
   */
  public long nextSeq() {
    return firstSeq() + count();
  }

  /**
   * Returns a random number that tells this segment from any other.
   *
   * @return 128 random bits
   */
  public UUID token() {
    return SegmentHeader.token(array, offset);
  }

  /**
   * Returns the {@link #token()} of the segment before this one, so that a store that puts segments
   * together can see that none is missing.
   *
   * @return all zeros if this is the first one
   */
  public UUID previousToken() {
    return SegmentHeader.previousToken(array, offset);
  }

  /**
   * Returns whether this segment ends its session (clause SES-8).
   *
   * @return true if nothing can be appended after it
   */
  public boolean seals() {
    return SegmentHeader.seals(array, offset);
  }

  /**
   * Returns the time of the last event, or of the sealing.
   *
   * @return a time in microseconds
   */
  public Instant time() {
    return SessionRecord.instant(SegmentHeader.lastTime(array, offset));
  }

  /**
   * Returns whether the bytes match their checksum. Reads them all.
   *
   * @return false if a bit has changed since the segment was made
   */
  public boolean isIntact() {
    return SegmentHeader.isIntact(array, offset, length);
  }

  /**
   * Returns the number of bytes.
   *
   * @return the length in bytes
   */
  public int length() {
    return length;
  }

  /**
   * Returns the bytes to store.
   *
   * @return exactly this segment's bytes; maybe the array itself, so not to be modified
   */
  public byte[] bytes() {
    return offset == 0 && length == array.length
        ? array
        : Arrays.copyOfRange(array, offset, offset + length);
  }

  /**
   * Returns the array that holds the bytes, from {@link #offset()} on; others may stand around
   * them.
   *
   * @return the array itself; not to be modified
   */
  public byte[] array() {
    return array;
  }

  /**
   * Returns where in {@link #array()} the bytes begin.
   *
   * @return an index
   */
  public int offset() {
    return offset;
  }

  @Override
  public String toString() {
    return "Segment[" + firstSeq() + ".." + (nextSeq() - 1) + (seals() ? " seals" : "") + "]";
  }
}
