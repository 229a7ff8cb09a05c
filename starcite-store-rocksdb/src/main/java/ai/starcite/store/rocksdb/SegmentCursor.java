package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * Walks over the segments of one session in a {@link View}. Stands on a segment as long as {@link
 * #isValid()}; a read that failed throws, and never looks like the end. Not thread-safe.
 */
final class SegmentCursor implements AutoCloseable {
  private static final byte[] NOTHING = {};
  private static final long LAST = -1;

  private final SessionKey session;
  private final byte[] incarnation;
  private final Slice lower;
  private final Slice upper;
  private final ReadOptions options;
  private final RocksIterator iterator;

  /** What the iterator has said of where it stands: each question is a call of native code. */
  private boolean valid;

  private long firstSeq;

  SegmentCursor(SessionKey session, Database database, ReadOptions view) {
    this.session = session;
    this.incarnation = Keys.incarnation(session.incarnation());
    this.lower = new Slice(Keys.segment(incarnation, 0));
    this.upper = new Slice(Keys.segmentsEnd(incarnation));
    this.options = new ReadOptions(view).setIterateLowerBound(lower).setIterateUpperBound(upper);
    this.iterator = database.iterator(Family.SEGMENTS, options);
  }

  void seekToLast() {
    // Unlike seekToLast of the iterator, this names the session whose segments are looked for.
    iterator.seekForPrev(Keys.segmentsEnd(incarnation));
    checkBackwards(LAST);
  }

  /** Goes to the last segment that begins at the seq or before it. */
  void seekAtOrBefore(long seq) {
    iterator.seekForPrev(Keys.segment(incarnation, seq));
    checkBackwards(seq);
  }

  /** Goes to the first segment that begins at the seq or after it. */
  void seekAtOrAfter(long seq) {
    iterator.seek(Keys.segment(incarnation, seq));
    check(seq);
  }

  /** Goes to the following segment, which should begin at the seq. */
  void next(long seq) {
    iterator.next();
    check(seq);
  }

  boolean isValid() {
    return valid;
  }

  /** The first seq of the segment, from its key. */
  long firstSeq() {
    return firstSeq;
  }

  /** The length of the segment, without reading it. */
  int length() {
    return iterator.value(NOTHING);
  }

  Segment segment() {
    Segment segment;
    try {
      segment = Segment.of(iterator.value());
    } catch (SessionLogException e) {
      throw Failures.damagedSegment(where(firstSeq), e);
    }
    if (segment.firstSeq() != firstSeq) {
      throw Failures.hole(where(firstSeq));
    }
    return segment;
  }

  /**
   * The way back from a session without segments leads into a block of the one before, though there
   * is a lower bound, and the damage of that one is not this one's.
   */
  private void checkBackwards(long seq) {
    try {
      check(seq);
    } catch (SessionLogException e) {
      seekAtOrAfter(1);
      if (valid) {
        throw e;
      }
    }
  }

  private void check(long seq) {
    valid = iterator.isValid();
    if (valid) {
      firstSeq = Keys.firstSeq(iterator.key());
    } else {
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw Failures.readingSegments(where(seq), e);
      }
    }
  }

  private String where(long seq) {
    return "session " + session.id() + " at " + (seq == LAST ? "its last seq" : "seq " + seq);
  }

  @Override
  public void close() {
    iterator.close();
    options.close();
    upper.close();
    lower.close();
  }
}
