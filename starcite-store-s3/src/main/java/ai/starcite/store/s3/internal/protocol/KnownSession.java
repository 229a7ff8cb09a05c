package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of one incarnation of a session: the last snapshot, and the segments
 * above the boundary that it has seen. Everything in it was true once, and segments stay; only the
 * store knows whether there is more. Thread-safe.
 */
final class KnownSession {
  private static final int KEPT_BYTES = 256 << 10;

  private final SessionKey session;
  private final TreeMap<Long, Long> segments = new TreeMap<>();
  private Snapshot snapshot;
  private long next;
  private boolean placed;
  private @Nullable Entry terminal;
  private @Nullable UUID lastToken;
  private @Nullable Entry cached;
  private @Nullable SessionLogException damage;
  private long damagedAt;
  private @Nullable StateCheckpoint checkpoint;
  private boolean gone;
  private long bytesAboveBoundary;

  KnownSession(Snapshot snapshot) {
    this.session = snapshot.session();
    this.snapshot = snapshot;
    this.next = snapshot.boundary();
  }

  /**
   * The state at one moment. Other threads change a known session at any time, so a decision that
   * uses several of these values must take them together.
   *
   * @param snapshot the last snapshot
   * @param next the seq up to which everything is known
   * @param placed whether the segments above the boundary were looked for
   * @param terminal what ends the session, if that was found, or null
   * @param lastToken the token of the last known segment, or null
   * @param damage why nothing after {@code next} can be known, or null
   */
  record Head(
      Snapshot snapshot,
      long next,
      boolean placed,
      @Nullable Entry terminal,
      @Nullable UUID lastToken,
      @Nullable SessionLogException damage) {

    /**
     * Returns whether a reader finds something at a seq. A seal without events is at the next one.
     */
    boolean knows(long seq) {
      return seq < next || (terminal != null && terminal.first() == seq);
    }

    /**
     * Returns the segment that seals, if it was found and the record does not say so yet, or null.
     */
    @Nullable Segment unfinishedSeal() {
      return terminal != null
              && terminal.segment() != null
              && !snapshot.manifest().record().sealed()
          ? terminal.segment()
          : null;
    }
  }

  SessionKey session() {
    return session;
  }

  synchronized Head head() {
    return new Head(snapshot, next, placed, terminal, lastToken, damage);
  }

  Keys.Life keys() {
    return snapshot().keys();
  }

  synchronized Snapshot snapshot() {
    return snapshot;
  }

  /** Returns the seq up to which everything is known. */
  synchronized long next() {
    return next;
  }

  synchronized boolean isGone() {
    return gone;
  }

  synchronized void end() {
    gone = true;
  }

  /** Takes a snapshot, unless a newer one is known. */
  synchronized void take(Snapshot newer) {
    boolean isNewer =
        newer.generation() > snapshot.generation()
            || (newer.generation() == snapshot.generation()
                && newer.date().isAfter(snapshot.date()));
    if (!isNewer) {
      return;
    }
    snapshot = newer;
    while (!segments.isEmpty() && segments.firstKey() < newer.boundary()) {
      bytesAboveBoundary -= segments.pollFirstEntry().getValue();
    }
    if (next < newer.boundary()) {
      // Other processes have appended and compacted.
      next = newer.boundary();
      placed = false;
      lastToken = null;
    }
  }

  /** Adds the entry at {@link #next}; returns false if it was known. */
  synchronized boolean add(Entry entry) {
    if (entry.first() != next || terminal != null) {
      return false;
    }
    note(entry.first(), entry.bytes().length);
    next = entry.nextSeq();
    lastToken = entry.token();
    if (entry.isTerminal()) {
      terminal = entry;
    }
    return true;
  }

  /**
   * Adds the entry of another writer, and caches it for a reader, which is likely to want it next.
   */
  synchronized boolean addForeign(Entry entry) {
    boolean isNew = add(entry);
    if (isNew && entry.bytes().length <= KEPT_BYTES) {
      cached = entry;
    }
    return isNew;
  }

  /**
   * Returns the entry at a place if it was the last one to be added by {@link #addForeign}, or
   * null.
   */
  synchronized @Nullable Entry cached(long place) {
    return cached != null && cached.first() == place ? cached : null;
  }

  private void note(long first, long bytes) {
    if (segments.put(first, bytes) == null) {
      bytesAboveBoundary += bytes;
    }
  }

  /**
   * Takes a listing of segments from {@link #next} on, all of which exist.
   *
   * @param firsts their first seqs
   * @param bytes their lengths
   * @param last the last one, or null if there is none
   * @return false if other threads have moved past it
   */
  synchronized boolean place(List<Long> firsts, List<Long> bytes, @Nullable Entry last) {
    if (terminal != null || (last != null && last.first() < next)) {
      return false;
    }
    for (int i = 0; i < firsts.size(); i++) {
      if (firsts.get(i) >= next) {
        note(firsts.get(i), bytes.get(i));
      }
    }
    if (last != null) {
      next = last.first();
      addForeign(last);
    }
    placed = true;
    return true;
  }

  /** Forgets damage, so that it is checked again: it may have been repaired. */
  synchronized void lookAgain() {
    if (damage != null) {
      damage = null;
      next = damagedAt;
      Long bytes = segments.remove(damagedAt);
      bytesAboveBoundary -= bytes == null ? 0 : bytes;
      placed = false;
    }
  }

  /** Notes that the entry at a place cannot be read, so that nothing after it is known. */
  synchronized void damaged(long place, SessionLogException cause) {
    if (place >= next && terminal == null) {
      note(place, 1);
      next = place + 1;
      damagedAt = place;
      damage = cause;
    }
  }

  /** Returns the places of known segments from the one that holds a seq, as many as fit. */
  synchronized List<Long> placesFrom(long seq, long maxBytes, int most) {
    List<Long> places = new ArrayList<>();
    Long begin = segments.floorKey(seq);
    if (begin == null) {
      return places;
    }
    long bytes = 0;
    for (Map.Entry<Long, Long> each : segments.tailMap(begin, true).entrySet()) {
      bytes += each.getValue();
      if (!places.isEmpty() && (bytes > maxBytes || places.size() == most)) {
        break;
      }
      places.add(each.getKey());
    }
    return places;
  }

  /** Returns how many segments are known above the boundary. */
  synchronized int segmentsAboveBoundary() {
    return segments.size();
  }

  /** Returns how many bytes of segments are known above the boundary. */
  synchronized long bytesAboveBoundary() {
    return bytesAboveBoundary;
  }

  /** Keeps a checkpoint until a compaction saves it. */
  synchronized void keep(StateCheckpoint newer) {
    if (checkpoint == null || newer.nextSeq() >= checkpoint.nextSeq()) {
      checkpoint = newer;
    }
  }

  synchronized @Nullable StateCheckpoint checkpoint() {
    return checkpoint;
  }

  /** Returns approximately how much memory this takes. */
  synchronized long weight() {
    return 1_024
        + snapshot.manifest().record().metadata().size()
        + 100L * snapshot.manifest().chunks().size()
        + 64L * segments.size()
        + (checkpoint == null ? 0 : checkpoint.bytes().length)
        + (cached == null ? 0 : cached.bytes().length)
        + (terminal == null ? 0 : terminal.bytes().length);
  }
}
