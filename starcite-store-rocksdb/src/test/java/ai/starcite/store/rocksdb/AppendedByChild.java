package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StoredSession;
import ai.starcite.testkit.contract.StoreData;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@link AppendingMain} has printed, to compare with what its directory holds afterwards. */
final class AppendedByChild {
  /** The highest acknowledged seq of each session. */
  private final Map<String, Long> acknowledged = new HashMap<>();

  /** Notes a line, and tells whether it is an acknowledgement. */
  boolean note(String line) {
    String[] words = line.split(" ");
    boolean isAck = words.length == 3 && words[0].equals("ack");
    if (isAck) {
      acknowledged.merge(words[1], Long.parseLong(words[2]), Math::max);
    }
    return isAck;
  }

  /** The number of sessions of which something was acknowledged. */
  int sessions() {
    return acknowledged.size();
  }

  /** Opens the store and checks that everything acknowledged is there, in order and as it was. */
  void check(Path directory) {
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      for (int i = 0; i < AppendingMain.SESSIONS; i++) {
        check(store, AppendingMain.session(i));
      }
    }
  }

  private void check(RocksDbSegmentStore store, SessionKey session) {
    long head = StoreData.await(store.load(session.id())).map(StoredSession::nextSeq).orElse(1L);
    assertThat(head).isGreaterThan(acknowledged.getOrDefault(session.id(), 0L));
    long next = 1;
    while (next < head) {
      ReadOutcome page = StoreData.await(store.read(session, next, 1 << 20));
      assertThat(page).isInstanceOf(ReadOutcome.Segments.class);
      List<Segment> segments = ((ReadOutcome.Segments) page).segments();
      assertThat(segments).isNotEmpty();
      for (Segment segment : segments) {
        assertThat(segment.bytes()).isEqualTo(AppendingMain.segment(session, next).bytes());
        next = segment.nextSeq();
      }
    }
    assertThat(next).isEqualTo(head);
  }
}
