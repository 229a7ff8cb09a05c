package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StoredSession;
import ai.starcite.testkit.contract.StoreData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a store has acknowledged, to compare with what it holds later. */
final class Acknowledged {
  /** How much of it was found. */
  enum Found {
    /** Everything, byte for byte. */
    ALL,
    /** What is missing was reported as corrupt. */
    SOME_CORRUPT,
    /** Something is missing without a word. */
    A_PREFIX
  }

  private final Map<SessionKey, List<Segment>> sessions = new LinkedHashMap<>();

  void create(SegmentStore store, SessionKey session) {
    assertThat(StoreData.await(store.create(StoreData.record(session))))
        .isInstanceOf(CreateOutcome.Created.class);
    add(session);
  }

  /** Notes a session that the store has acknowledged. */
  void add(SessionKey session) {
    sessions.put(session, new ArrayList<>());
  }

  void append(SegmentStore store, SessionKey session, Segment segment) {
    assertThat(StoreData.await(store.append(session, segment)))
        .isInstanceOf(AppendOutcome.Committed.class);
    add(session, segment);
  }

  /** Notes a segment that the store has acknowledged. */
  void add(SessionKey session, Segment segment) {
    sessions.get(session).add(segment);
  }

  /** Reads everything; fails if the store has, or says, anything that was never acknowledged. */
  Found compare(SegmentStore store) {
    Found found = Found.ALL;
    for (Map.Entry<SessionKey, List<Segment>> each : sessions.entrySet()) {
      Found session = compare(store, each.getKey(), each.getValue());
      found = session.compareTo(found) > 0 ? session : found;
    }
    return found;
  }

  private static Found compare(SegmentStore store, SessionKey key, List<Segment> expected) {
    try {
      Optional<StoredSession> stored = StoreData.await(store.load(key.id()));
      if (stored.isEmpty()) {
        return Found.A_PREFIX;
      }
      assertThat(stored.get().record().key()).isEqualTo(key);
      int read = 0;
      long next = 1;
      while (next < stored.get().nextSeq()) {
        ReadOutcome outcome = StoreData.await(store.read(key, next, 1000));
        assertThat(outcome).isInstanceOf(ReadOutcome.Segments.class);
        for (Segment segment : ((ReadOutcome.Segments) outcome).segments()) {
          assertThat(segment.bytes()).isEqualTo(expected.get(read++).bytes());
          next = segment.nextSeq();
        }
      }
      return read == expected.size() ? Found.ALL : Found.A_PREFIX;
    } catch (SessionLogException e) {
      assertThat(e.code()).isEqualTo(Code.CORRUPT);
      assertThat(e).hasMessageContaining("session " + key.id());
      return Found.SOME_CORRUPT;
    }
  }
}
