package ai.starcite.benchmarks.append;

import ai.starcite.benchmarks.peers.Entry;
import ai.starcite.benchmarks.peers.Payload;

/** Events of one size. They differ, and are made beforehand. */
final class Payloads {
  private static final int DIFFERENT = 64;

  private final Payload[] payloads = new Payload[DIFFERENT];

  Payloads(int bytes) {
    for (int i = 0; i < DIFFERENT; i++) {
      payloads[i] = Payload.ofBytes(bytes, i);
    }
  }

  Entry entry(String session, String producer, long producerSeq) {
    return new Entry(session, producer, producerSeq, payloads[(int) (producerSeq % DIFFERENT)]);
  }
}
