package ai.starcite.internal.session;

import ai.starcite.internal.segment.ContentHash;
import java.util.Arrays;

/**
 * What is known of one producer of a session: its numbers run from {@link #first} to {@link #last}
 * without holes, of the most recent ones seq and content hash are at hand, and of the others the
 * seqs of samples, evenly spread over its numbers.
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

  /** The seqs of the first number and of each {@code 1 << sampleBits}-th one after it. */
  private long[] samples = new long[2];

  private int sampled;
  private int sampleBits;

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

  /** Where the event of a number, from the first to the last one, can be. */
  public SeqRange seqRange(long number) {
    int before = (int) Math.min((number - first) >>> sampleBits, sampled - 1);
    long from = samples[before] + (number - sampledNumber(before));
    long oldest = last - kept + 1;
    if (before + 1 < sampled && sampledNumber(before + 1) <= oldest) {
      return new SeqRange(from, samples[before + 1] - (sampledNumber(before + 1) - number));
    }
    return number <= oldest
        ? new SeqRange(from, seq(oldest) - (oldest - number))
        : new SeqRange(seq(number), seq(number));
  }

  private long sampledNumber(int sample) {
    return first + ((long) sample << sampleBits);
  }

  /** The seqs of the samples. */
  long[] samples() {
    return Arrays.copyOf(samples, sampled);
  }

  /** How far the numbers of the samples are apart, as a power of two. */
  int sampleBits() {
    return sampleBits;
  }

  /** Takes the samples that were saved. */
  void restoreSamples(int bits, long[] saved) {
    sampleBits = bits;
    sampled = saved.length;
    samples = Arrays.copyOf(saved, Math.max(2, saved.length));
  }

  private void sample(long number, long seq, int most) {
    long index = number - first;
    if (sampled == samples.length && isSampled(index)) {
      if (samples.length < most) {
        samples = Arrays.copyOf(samples, samples.length * 2);
      } else {
        // Every other one is enough from now on.
        for (int i = 0; 2 * i < sampled; i++) {
          samples[i] = samples[2 * i];
        }
        sampled = (sampled + 1) / 2;
        sampleBits++;
      }
    }
    if (isSampled(index)) {
      samples[sampled++] = seq;
    }
  }

  private boolean isSampled(long index) {
    return (index & ((1L << sampleBits) - 1)) == 0;
  }

  /** The number of pairs that are remembered. */
  int kept() {
    return kept;
  }

  /** Takes the next event, remembering at most so many pairs, and so many samples. */
  void add(long number, long seq, ContentHash hash, int most, int mostSamples) {
    sample(number, seq, mostSamples);
    remember(number, seq, hash, most);
  }

  /** Takes the next event, of which there is a sample if need be. */
  void remember(long number, long seq, ContentHash hash, int most) {
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
    return 160 + 24L * seqs.length + 8L * samples.length;
  }
}
