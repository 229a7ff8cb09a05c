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

  private static final int MOST = 1 << 10;
  private static final int FEWEST = 4;

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
    state.add(number, seq, hash, mostPairs());
    weight += state.weight();
  }

  private int mostPairs() {
    int share = Integer.highestOneBit(PAIRS / producers.size());
    return Math.min(MOST, Math.max(FEWEST, share));
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
        state.add(last - before, seq, new ContentHash(in.readLong(), in.readLong()), SAVED);
      }
      table.producers.put(producerId, state);
      table.weight += state.weight() + 2L * producerId.length();
    }
    return table;
  }
}
