package ai.starcite.internal.segment;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.CoreAccess;
import ai.starcite.spi.Segment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The records of one intact segment. Finds their places at once, and decodes an event when it is
 * asked for; what is passed over is never copied.
 *
 * <p>Immutable and thread-safe.
 */
public final class SegmentReader {
  private final byte[] bytes;
  private final long firstSeq;
  private final int[] offsets;
  private final long[] times;
  private final String[] strings;

  public SegmentReader(Segment segment) {
    this.bytes = segment.array();
    this.firstSeq = segment.firstSeq();
    int start = segment.offset();
    int count = segment.count();
    int end = start + segment.length() - SegmentHeader.TRAILER;
    if (count > segment.length() / 4) {
      throw malformed(0);
    }
    this.offsets = new int[count];
    this.times = new long[count];
    Strings found = new Strings();
    int record = start + SegmentHeader.headerLength(bytes, start);
    long time = SegmentHeader.baseTime(bytes, start);
    for (int i = 0; i < count; i++) {
      if (end - record < Integer.BYTES) {
        throw malformed(i);
      }
      int length = intAt(record);
      offsets[i] = record + Integer.BYTES;
      if (length < 0 || length > end - offsets[i]) {
        throw malformed(i);
      }
      time = index(i, time, offsets[i] + length, found);
      times[i] = time;
      record = offsets[i] + length;
    }
    this.strings = found.all;
  }

  public long firstSeq() {
    return firstSeq;
  }

  public long nextSeq() {
    return firstSeq + offsets.length;
  }

  /** Whether a record passes a filter. */
  public boolean matches(int i, EventFilter filter) {
    Cursor at = new Cursor(offsets[i]);
    int flags = (int) at.varint();
    at.varint();
    String type = at.reference();
    String actor = (flags & SegmentWriter.ACTOR) == 0 ? null : at.reference();
    if ((flags & SegmentWriter.SOURCE) != 0) {
      at.reference();
    }
    String producer = (flags & SegmentWriter.PRODUCER) == 0 ? null : at.reference();
    return filter.matches(type, actor, producer);
  }

  /** Whether a record was appended together with the seal of its session. */
  public boolean seals(int i) {
    return (new Cursor(offsets[i]).varint() & SegmentWriter.SEALS) != 0;
  }

  /** Decodes a record. */
  public Event event(int i) {
    Cursor at = new Cursor(offsets[i]);
    int flags = (int) at.varint();
    at.varint();
    String type = at.reference();
    String actor = (flags & SegmentWriter.ACTOR) == 0 ? null : at.reference();
    String source = (flags & SegmentWriter.SOURCE) == 0 ? null : at.reference();
    String producer = null;
    long producerSeq = 0;
    if ((flags & SegmentWriter.PRODUCER) != 0) {
      producer = at.reference();
      producerSeq = at.varint();
    }
    String idempotencyKey = (flags & SegmentWriter.IDEMPOTENCY_KEY) == 0 ? null : at.string();
    Json metadata = (flags & SegmentWriter.METADATA) == 0 ? null : at.json();
    Json refs = (flags & SegmentWriter.REFS) == 0 ? null : at.json();
    Json payload = at.json();
    return CoreAccess.access()
        .event(
            firstSeq + i,
            times[i],
            type,
            payload,
            actor,
            source,
            metadata,
            refs,
            idempotencyKey,
            producer,
            producerSeq);
  }

  /** Checks the shape of a record, notes the strings that are new in it, and gives its time. */
  private long index(int i, long before, int end, Strings found) {
    Cursor at = new Cursor(offsets[i]);
    try {
      long flags = at.varint();
      if ((flags & -SegmentWriter.MUST_UNDERSTAND) != 0) {
        throw new SessionLogException(
            Code.CORRUPT,
            "event "
                + (firstSeq + i)
                + " has a feature that this version cannot read: use a newer one");
      }
      long time = before + at.varint();
      at.noteReference(found);
      if ((flags & SegmentWriter.ACTOR) != 0) {
        at.noteReference(found);
      }
      if ((flags & SegmentWriter.SOURCE) != 0) {
        at.noteReference(found);
      }
      if ((flags & SegmentWriter.PRODUCER) != 0) {
        at.noteReference(found);
        at.varint();
      }
      for (long rest =
              flags & (SegmentWriter.IDEMPOTENCY_KEY | SegmentWriter.METADATA | SegmentWriter.REFS);
          rest != 0;
          rest &= rest - 1) {
        at.skip();
      }
      at.skip();
      if (at.position > end || time < before) {
        throw malformed(i);
      }
      return time;
    } catch (IndexOutOfBoundsException e) {
      throw malformed(i);
    }
  }

  private SessionLogException malformed(int i) {
    return new SessionLogException(
        Code.CORRUPT, "event " + (firstSeq + i) + " has a malformed record");
  }

  private int intAt(int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | (bytes[at + 3] & 0xFF);
  }

  /** The strings in the order of their first use; most segments have few. */
  private static final class Strings {
    private String[] all = new String[4];
    private int count;

    void add(String string) {
      if (count == all.length) {
        all = Arrays.copyOf(all, 2 * count);
      }
      all[count++] = string;
    }
  }

  /** A place in the bytes. */
  private final class Cursor {
    private int position;

    Cursor(int position) {
      this.position = position;
    }

    long varint() {
      byte first = bytes[position++];
      if (first >= 0) {
        return first;
      }
      long value = first & 0x7F;
      for (int shift = 7; shift < Long.SIZE; shift += 7) {
        byte next = bytes[position++];
        value |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IndexOutOfBoundsException();
    }

    int length() {
      long length = varint();
      if (length < 0 || length > bytes.length - position) {
        throw new IndexOutOfBoundsException();
      }
      return (int) length;
    }

    void skip() {
      int length = length();
      position += length;
    }

    String string() {
      int length = length();
      String string = new String(bytes, position, length, StandardCharsets.UTF_8);
      position += length;
      return string;
    }

    String reference() {
      int reference = (int) varint();
      return reference == 0 ? string() : strings[reference - 1];
    }

    void noteReference(Strings found) {
      long reference = varint();
      if (reference == 0) {
        found.add(string());
      } else if (reference < 0 || reference > found.count) {
        throw new IndexOutOfBoundsException();
      }
    }

    Json json() {
      int length = length();
      byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
      position += length;
      return CoreAccess.access().json(copy);
    }
  }
}
