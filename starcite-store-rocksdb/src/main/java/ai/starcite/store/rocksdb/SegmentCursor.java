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

  private final SessionKey session;
  private final byte[] epoch;
  private final Slice lower;
  private final Slice upper;
  private final ReadOptions options;
  private final RocksIterator iterator;

  SegmentCursor(SessionKey session, Database database, ReadOptions view) {
    this.session = session;
    this.epoch = Keys.epoch(session.epoch());
    this.lower = new Slice(Keys.segment(epoch, 0));
    this.upper = new Slice(Keys.segmentsEnd(epoch));
    this.options = new ReadOptions(view).setIterateLowerBound(lower).setIterateUpperBound(upper);
    this.iterator = database.iterator(Family.SEGMENTS, options);
  }

  void seekToLast() {
    // Unlike seekToLast of the iterator, this names the session whose segments are looked for.
    iterator.seekForPrev(Keys.segmentsEnd(epoch));
    checkBackwards("its last seq");
  }

  /** Goes to the last segment that begins at the seq or before it. */
  void seekAtOrBefore(long seq) {
    iterator.seekForPrev(Keys.segment(epoch, seq));
    checkBackwards("seq " + seq);
  }

  /** Goes to the first segment that begins at the seq or after it. */
  void seekAtOrAfter(long seq) {
    iterator.seek(Keys.segment(epoch, seq));
    check("seq " + seq);
  }

  /** Goes to the following segment, which should begin at the seq. */
  void next(long seq) {
    iterator.next();
    check("seq " + seq);
  }

  boolean isValid() {
    return iterator.isValid();
  }

  /** The first seq of the segment, from its key. */
  long firstSeq() {
    return Keys.firstSeq(iterator.key());
  }

  /** The length of the segment, without reading it. */
  int length() {
    return iterator.value(NOTHING);
  }

  Segment segment() {
    long seq = firstSeq();
    String what = "session " + session.id() + " at seq " + seq;
    Segment segment;
    try {
      segment = Segment.of(iterator.value());
    } catch (SessionLogException e) {
      throw Failures.damagedSegment(what, e);
    }
    if (segment.firstSeq() != seq) {
      throw Failures.hole(what);
    }
    return segment;
  }

  /**
   * The way back from a session without segments leads into a block of the one before, though there
   * is a lower bound, and the damage of that one is not this one's.
   */
  private void checkBackwards(String where) {
    try {
      check(where);
    } catch (SessionLogException e) {
      seekAtOrAfter(1);
      if (iterator.isValid()) {
        throw e;
      }
    }
  }

  private void check(String where) {
    if (!iterator.isValid()) {
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw Failures.readingSegments("session " + session.id() + " at " + where, e);
      }
    }
  }

  @Override
  public void close() {
    iterator.close();
    options.close();
    upper.close();
    lower.close();
  }
}
