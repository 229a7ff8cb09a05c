package ai.starcite.internal.session;

import ai.starcite.internal.segment.ContentHash;
import java.util.Arrays;

/**
 * What is known of one producer of a session: its numbers run from {@link #first} to {@link #last}
 * without holes, and of the most recent ones seq and content hash are at hand.
 */
public final class ProducerState {
  private static final int FEWEST = 4;

  private final long first;
  private final long firstSeq;
  private long last;
  private long lastSeq;

  /** Pairs by number, modulo their capacity; the most recent {@link #kept} ones are valid. */
  private long[] seqs = new long[FEWEST];

  /** The two halves of each hash, side by side. */
  private long[] hashes = new long[2 * FEWEST];

  private int kept;

  ProducerState(long first, long firstSeq) {
    this.first = first;
    this.firstSeq = firstSeq;
    this.last = first - 1;
  }

  /** The number of the producer's first event. */
  public long first() {
    return first;
  }

  /** The number of the producer's last event. */
  public long last() {
    return last;
  }

  /** The seq of the producer's last event. */
  public long lastSeq() {
    return lastSeq;
  }

  /** The seq of the producer's first event. */
  long firstSeq() {
    return firstSeq;
  }

  /** Whether seq and hash of a number are at hand. */
  public boolean remembers(long number) {
    return number <= last && number > last - kept;
  }

  /** The seq of a remembered number. */
  public long seq(long number) {
    return seqs[slot(number)];
  }

  /** The content hash of a remembered number. */
  public ContentHash hash(long number) {
    int at = 2 * slot(number);
    return new ContentHash(hashes[at], hashes[at + 1]);
  }

  /** The first seq that the event of a number, which is not remembered, can have. */
  public long earliestSeq(long number) {
    return firstSeq + (number - first);
  }

  /** The number of pairs that are remembered. */
  int kept() {
    return kept;
  }

  /** Takes the next event, remembering at most so many pairs. */
  void add(long number, long seq, ContentHash hash, int most) {
    if (kept == seqs.length && seqs.length < most) {
      grow();
    }
    last = number;
    lastSeq = seq;
    put(number, seq, hash.high(), hash.low());
    kept = Math.min(kept + 1, seqs.length);
  }

  private void grow() {
    long[] oldSeqs = seqs;
    long[] oldHashes = hashes;
    int mask = oldSeqs.length - 1;
    seqs = Arrays.copyOf(oldSeqs, oldSeqs.length * 2);
    hashes = Arrays.copyOf(oldHashes, oldHashes.length * 2);
    for (int before = kept - 1; before >= 0; before--) {
      long number = last - before;
      int old = (int) number & mask;
      put(number, oldSeqs[old], oldHashes[2 * old], oldHashes[2 * old + 1]);
    }
  }

  private void put(long number, long seq, long high, long low) {
    int slot = slot(number);
    seqs[slot] = seq;
    hashes[2 * slot] = high;
    hashes[2 * slot + 1] = low;
  }

  private int slot(long number) {
    return (int) number & (seqs.length - 1);
  }

  /** About how many bytes this takes. */
  long weight() {
    return 128 + 24L * seqs.length;
  }
}
