package ai.starcite.internal.session;

import ai.starcite.internal.segment.ContentHash;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The producers of a session (clause APP-4): a pure function of the events before {@code nextSeq}.
 * Its size is bounded by the number of producers; older pairs are looked up in the log.
 */
public final class ProducerTable {
  /** About how many pairs a session remembers, shared among its producers. */
  private static final int PAIRS = 1 << 16;

  /** About how many samples of older events a session keeps, shared among its producers. */
  private static final int SAMPLES = 1 << 13;

  private static final int MOST = 1 << 10;
  private static final int FEWEST = 4;
  private static final int FEWEST_SAMPLES = 2;

  /** How many pairs of a producer a checkpoint keeps. */
  private static final int SAVED = 32;

  private final Map<String, ProducerState> producers = new HashMap<>();
  private long weight;

  /** What is known of a producer, or null. */
  public @Nullable ProducerState get(String producerId) {
    return producers.get(producerId);
  }

  /** The number of producers. */
  public int size() {
    return producers.size();
  }

  /** About how many bytes this takes. */
  long weight() {
    return weight;
  }

  /** Takes the next event of a producer. */
  public void add(String producerId, long number, long seq, ContentHash hash) {
    ProducerState state = producers.get(producerId);
    if (state == null) {
      state = new ProducerState(number, seq);
      producers.put(producerId, state);
      weight += state.weight() + 2L * producerId.length();
    }
    weight -= state.weight();
    state.add(number, seq, hash, share(PAIRS, FEWEST), share(SAMPLES, FEWEST_SAMPLES));
    weight += state.weight();
  }

  private int share(int all, int fewest) {
    int share = Integer.highestOneBit(all / producers.size());
    return Math.min(MOST, Math.max(fewest, share));
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(producers.size());
    for (Map.Entry<String, ProducerState> entry : producers.entrySet()) {
      ProducerState state = entry.getValue();
      int pairs = Math.min(state.kept(), SAVED);
      out.writeUTF(entry.getKey());
      out.writeLong(state.first());
      out.writeLong(state.firstSeq());
      out.writeLong(state.last());
      out.writeInt(pairs);
      // Counted down, since the last number may be the largest there is.
      for (int before = pairs - 1; before >= 0; before--) {
        out.writeLong(state.seq(state.last() - before));
        ContentHash hash = state.hash(state.last() - before);
        out.writeLong(hash.high());
        out.writeLong(hash.low());
      }
      long[] samples = state.samples();
      out.writeByte(state.sampleBits());
      out.writeInt(samples.length);
      for (long seq : samples) {
        out.writeLong(seq);
      }
    }
  }

  static ProducerTable read(DataInputStream in) throws IOException {
    ProducerTable table = new ProducerTable();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      String producerId = in.readUTF();
      ProducerState state = new ProducerState(in.readLong(), in.readLong());
      long last = in.readLong();
      int pairs = in.readInt();
      for (int before = pairs - 1; before >= 0; before--) {
        long seq = in.readLong();
        state.remember(last - before, seq, new ContentHash(in.readLong(), in.readLong()), SAVED);
      }
      int bits = in.readUnsignedByte();
      long[] samples = new long[in.readInt()];
      for (int s = 0; s < samples.length; s++) {
        samples[s] = in.readLong();
      }
      state.restoreSamples(bits, samples);
      table.producers.put(producerId, state);
      table.weight += state.weight() + 2L * producerId.length();
    }
    return table;
  }
}
