package ai.starcite.internal.segment;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.Limits;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Encodes events into a segment, one by one as they come. Strings that repeat are written once: a
 * reference of 0 is followed by a new string, one of n stands for the n-th new string before.
 *
 * <p>Not thread-safe; used again after {@link #finish} or {@link #clear}.
 */
public final class SegmentWriter {
  static final int ACTOR = 1;
  static final int SOURCE = 1 << 1;
  static final int METADATA = 1 << 2;
  static final int REFS = 1 << 3;
  static final int IDEMPOTENCY_KEY = 1 << 4;
  static final int PRODUCER = 1 << 5;
  static final int SEALS = 1 << 6;

  /** Flags from here on must be understood; a reader refuses those it does not know. */
  static final long MUST_UNDERSTAND = 1L << 14;

  /** More than the bytes that a record has beyond the size of its event. */
  public static final int RECORD_OVERHEAD = 64;

  /** More than the bytes that a segment has beyond its records. */
  public static final int SEGMENT_OVERHEAD = SegmentHeader.LENGTH + SegmentHeader.TRAILER;

  /** The largest buffer that is kept for the next segment. */
  private static final int SMALL = 1 << 10;

  /** A larger one becomes the segment itself, if no more than this part of it is left over. */
  private static final int LEFT_OVER = 8;

  private static final int LENGTH_BYTES = 4;

  private final CoreAccess trusted = CoreAccess.access();
  private final long sessionHash;
  private final Map<String, Integer> strings = new HashMap<>();
  private byte[] buffer = new byte[0];
  private int end = SegmentHeader.LENGTH;

  /** A little more than the last segment had: where many events come, the next one is alike. */
  private int expected;

  private int count;
  private long baseTime;
  private long lastTime;
  private boolean seals;

  /** A writer for one life of a session. */
  public SegmentWriter(SessionKey key) {
    this.sessionHash = SegmentHeader.hash(key);
  }

  /** Adds an event of a time in microseconds that is not before the one added last. */
  public void add(NewEvent event, long time, boolean sealing) {
    if (count == 0) {
      baseTime = time;
      lastTime = time;
    }
    reserve((int) event.size() + RECORD_OVERHEAD);
    int start = end;
    end += LENGTH_BYTES;
    String actor = trusted.actor(event);
    String source = trusted.source(event);
    String idempotencyKey = trusted.idempotencyKey(event);
    String producerId = trusted.producerId(event);
    Json metadata = trusted.metadata(event);
    Json refs = trusted.refs(event);
    varint(
        (actor == null ? 0 : ACTOR)
            | (source == null ? 0 : SOURCE)
            | (metadata == null ? 0 : METADATA)
            | (refs == null ? 0 : REFS)
            | (idempotencyKey == null ? 0 : IDEMPOTENCY_KEY)
            | (producerId == null ? 0 : PRODUCER)
            | (sealing ? SEALS : 0));
    varint(time - lastTime);
    reference(event.type());
    if (actor != null) {
      reference(actor);
    }
    if (source != null) {
      reference(source);
    }
    if (producerId != null) {
      reference(producerId);
      varint(trusted.producerSeq(event));
    }
    if (idempotencyKey != null) {
      bytes(Limits.utf8(idempotencyKey));
    }
    json(metadata);
    json(refs);
    json(event.payload());
    int length = end - start - LENGTH_BYTES;
    buffer[start] = (byte) (length >>> 24);
    buffer[start + 1] = (byte) (length >>> 16);
    buffer[start + 2] = (byte) (length >>> 8);
    buffer[start + 3] = (byte) length;
    lastTime = time;
    seals |= sealing;
    count++;
  }

  /** Makes the segment seal its session, without an event that does. */
  public void seal(long time) {
    reserve(0);
    if (count == 0) {
      baseTime = time;
    }
    lastTime = time;
    seals = true;
  }

  /** The number of events added. */
  public int count() {
    return count;
  }

  /** The bytes so far. */
  public int length() {
    return end + SegmentHeader.TRAILER;
  }

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return count == 0 && !seals;
  }

  /** Whether the segment seals its session. */
  public boolean seals() {
    return seals;
  }

  /** Makes a segment of what was added, and starts anew. */
  public Segment finish(long firstSeq, UUID token, UUID previousToken) {
    int length = length();
    boolean fits = buffer.length > SMALL && buffer.length - length <= length / LEFT_OVER;
    byte[] bytes = fits ? buffer : Arrays.copyOf(buffer, length);
    SegmentHeader.write(
        bytes,
        length,
        new SegmentFrame(
            sessionHash, firstSeq, count, baseTime, lastTime, token, previousToken, seals));
    expected = length + length / (2 * LEFT_OVER);
    clear();
    return Segment.at(bytes, 0);
  }

  /** Forgets what was added. */
  public void clear() {
    if (buffer.length > SMALL) {
      buffer = new byte[0];
    }
    strings.clear();
    end = SegmentHeader.LENGTH;
    count = 0;
    seals = false;
  }

  private void reserve(int bytes) {
    if (buffer.length - end < bytes) {
      int least = Math.max(end + bytes, buffer.length == 0 ? expected : buffer.length * 2);
      buffer = Arrays.copyOf(buffer, Math.max(least, SMALL));
    }
  }

  private void reference(String string) {
    int next = strings.size() + 1;
    Integer known = strings.putIfAbsent(string, next);
    if (known != null) {
      varint(known);
    } else {
      varint(0);
      bytes(Limits.utf8(string));
    }
  }

  private void json(@Nullable Json json) {
    if (json != null) {
      varint(json.size());
      json.copyTo(buffer, end);
      end += json.size();
    }
  }

  private void bytes(byte[] bytes) {
    varint(bytes.length);
    System.arraycopy(bytes, 0, buffer, end, bytes.length);
    end += bytes.length;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[end++] = (byte) rest;
  }
}
