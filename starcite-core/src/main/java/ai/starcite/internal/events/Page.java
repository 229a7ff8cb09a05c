package ai.starcite.internal.events;

import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.segment.ContentHash;
import ai.starcite.internal.segment.EventFilter;
import ai.starcite.internal.segment.SegmentHeader;
import ai.starcite.internal.segment.SegmentReader;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run of events as they were read or committed together, checked once, decoded event by event,
 * and shared by all that read it: an event is decoded once for every tail of the process.
 *
 * <p>Immutable in effect and thread-safe.
 */
public final class Page {
  private final List<SegmentReader> segments;
  private final Event[] decoded;
  private final long firstSeq;
  private final long bytes;
  private final boolean seals;
  private final UUID previousToken;
  private final UUID lastToken;
  private final long lastTime;

  /**
   * Where the segment is that was asked for last; it is mostly asked for again, or else the one
   * behind it is. Not volatile: any value will do.
   */
  private int latest;

  private Page(List<SegmentReader> segments, long bytes, Segment first, Segment last) {
    this.segments = segments;
    this.firstSeq = segments.get(0).firstSeq();
    this.decoded = new Event[Math.toIntExact(last.nextSeq() - firstSeq)];
    this.bytes = bytes;
    this.seals = last.seals();
    this.previousToken = SegmentHeader.previousToken(first.array(), first.offset());
    this.lastToken = last.token();
    this.lastTime = SegmentHeader.lastTime(last.array(), last.offset());
  }

  /** A page of a segment that this process made. */
  public static Page of(Segment segment) {
    return new Page(List.of(new SegmentReader(segment)), segment.length(), segment, segment);
  }

  /**
   * A page of what a store returned for a seq: the segments up to the first damaged one.
   *
   * @throws SessionLogException {@code CORRUPT} if the first one is damaged, or is not what was
   *     asked for
   */
  public static Page read(SessionKey key, long fromSeq, List<Segment> segments) {
    List<SegmentReader> readers = new ArrayList<>(segments.size());
    long sessionHash = SegmentHeader.hash(key);
    long bytes = 0;
    Segment last = null;
    for (Segment segment : segments) {
      try {
        check(sessionHash, fromSeq, segment, last);
        readers.add(new SegmentReader(segment));
      } catch (SessionLogException e) {
        if (last != null) {
          break;
        }
        throw new SessionLogException(
            Code.CORRUPT,
            "session %s is damaged at seq %d: %s; restore it from a backup"
                .formatted(key.id(), fromSeq, e.getMessage()),
            e);
      }
      bytes += segment.length();
      last = segment;
    }
    if (last == null) {
      throw new SessionLogException(
          Code.CORRUPT,
          "session %s has no event %d, though its head lies beyond".formatted(key.id(), fromSeq));
    }
    return new Page(readers, bytes, segments.get(0), last);
  }

  private static void check(
      long sessionHash, long fromSeq, Segment segment, @Nullable Segment before) {
    byte[] array = segment.array();
    int offset = segment.offset();
    boolean follows =
        before == null
            ? segment.firstSeq() <= fromSeq
                && (fromSeq < segment.nextSeq() || (segment.count() == 0 && segment.seals()))
            : segment.firstSeq() == before.nextSeq()
                && SegmentHeader.previousToken(array, offset).equals(before.token());
    if (!segment.isIntact()) {
      throw fault("its bytes do not match their checksum");
    }
    if (SegmentHeader.sessionHash(array, offset) != sessionHash) {
      throw fault("it belongs to another session");
    }
    if (!follows) {
      throw fault(segment + " does not follow " + (before == null ? fromSeq - 1 : before));
    }
  }

  private static SessionLogException fault(String message) {
    return new SessionLogException(Code.CORRUPT, message);
  }

  /** The seq of the first event. */
  public long firstSeq() {
    return firstSeq;
  }

  /** The seq after the last event. */
  public long nextSeq() {
    return firstSeq + decoded.length;
  }

  /** Whether an event is on this page. */
  public boolean contains(long seq) {
    return seq >= firstSeq && seq < nextSeq();
  }

  /** Whether the session ends with this page. */
  public boolean seals() {
    return seals;
  }

  /** The token of the segment before the first one. */
  public UUID previousToken() {
    return previousToken;
  }

  /** The token of the last segment. */
  public UUID lastToken() {
    return lastToken;
  }

  /** The time of the last event, or of the sealing, in microseconds. */
  public long lastTime() {
    return lastTime;
  }

  /** The size of the segments. */
  public long bytes() {
    return bytes;
  }

  /** About how much memory this page takes once all its events are decoded. */
  public long weight() {
    return 256 + 2 * bytes + 176L * decoded.length;
  }

  /** The event of a seq on this page. */
  public Event event(long seq) {
    int index = (int) (seq - firstSeq);
    Event event = decoded[index];
    if (event == null) {
      // Two readers may decode it twice; the events are equal and immutable.
      SegmentReader segment = segmentOf(seq);
      event = segment.event((int) (seq - segment.firstSeq()));
      decoded[index] = event;
    }
    return event;
  }

  /** The content hash of the event of a seq on this page. */
  public ContentHash contentHash(long seq) {
    return ContentHash.of(event(seq).toNewEvent(), sealedWith(seq));
  }

  /** Whether the event of a seq on this page was appended together with the session's seal. */
  public boolean sealedWith(long seq) {
    SegmentReader segment = segmentOf(seq);
    return segment.seals((int) (seq - segment.firstSeq()));
  }

  /** The first seq in a range of this page whose event passes the filter, or the range's end. */
  public long firstMatch(long from, long to, EventFilter filter) {
    if (filter.isOpen() || from >= to) {
      return from;
    }
    int index = indexOf(from);
    for (long seq = from; seq < to; seq++) {
      SegmentReader segment = segments.get(index);
      while (seq >= segment.nextSeq()) {
        segment = segments.get(++index);
      }
      if (segment.matches((int) (seq - segment.firstSeq()), filter)) {
        return seq;
      }
    }
    return to;
  }

  /** The content hash of an event that is to be appended. */
  public static ContentHash contentHash(NewEvent event, boolean seals) {
    return ContentHash.of(event, seals);
  }

  private SegmentReader segmentOf(long seq) {
    return segments.get(indexOf(seq));
  }

  private int indexOf(long seq) {
    int index = latest;
    if (!holds(index, seq)) {
      index = holds(index + 1, seq) ? index + 1 : search(seq);
      latest = index;
    }
    return index;
  }

  private boolean holds(int index, long seq) {
    return index < segments.size()
        && seq >= segments.get(index).firstSeq()
        && seq < segments.get(index).nextSeq();
  }

  private int search(long seq) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).firstSeq() <= seq) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
