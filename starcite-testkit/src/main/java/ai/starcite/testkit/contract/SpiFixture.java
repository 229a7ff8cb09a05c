package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoredSession;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of the SPI have: an open store, and a session that may be put there. */
abstract class SpiFixture extends StoreFixture {
  static final AppendOutcome COMMITTED = new AppendOutcome.Committed();

  final SessionKey key = StoreData.key("session");

  /** Another life of the same id. */
  final SessionKey nextLife = StoreData.key("session", 2);

  final SessionRecord record = StoreData.record(key);
  SegmentStore store;

  /** What happens between what is stored and what is checked. */
  enum Then {
    /** Nothing. */
    AT_ONCE,
    /** The store is closed and opened again. */
    AFTER_REOPENING,
    /** The store dies as a crash ends it, and is opened again. */
    AFTER_A_CRASH
  }

  @BeforeEach
  final void openFirst() {
    store = openStore();
    requireNoFaults("these tests are of the store's own answers, and faults change those");
  }

  /** Lets it happen, or skips the test if the store is not capable of it. */
  final void let(Then then) {
    if (then == Then.AFTER_REOPENING) {
      stores().requireReopen();
      store.close();
      store = openStore();
    } else if (then == Then.AFTER_A_CRASH) {
      stores().requireCrash();
      store = crash();
    }
  }

  /** Stores the session. */
  final void create() {
    assertThat(StoreData.await(store.create(record))).isEqualTo(new CreateOutcome.Created());
  }

  /** Appends a segment, which must be committed. */
  final Segment append(Segment segment) {
    assertThat(append(key, segment)).as("the answer to %s", segment).isEqualTo(COMMITTED);
    return segment;
  }

  /** Appends a segment in one of the two ways, by chance, for which all that is promised holds. */
  final AppendOutcome append(SessionKey session, Segment segment) {
    return StoreData.await(
        ThreadLocalRandom.current().nextBoolean()
            ? store.append(session, segment)
            : store.appendBlocking(session, segment));
  }

  final StoredSession load() {
    return StoreData.await(store.load(key.id()))
        .orElseThrow(
            () ->
                new AssertionError(
                    "load finds no session of this id, though create was answered Created"));
  }

  /** Compares what may be millions of bytes, and says where they differ rather than print them. */
  static void checkBytes(String what, byte[] actual, byte[] expected) {
    assertThat(actual.length).as("how many bytes there are of %s", what).isEqualTo(expected.length);
    assertThat(Arrays.mismatch(actual, expected))
        .as("where the first byte of %s differs; -1: nowhere", what)
        .isEqualTo(-1);
  }

  /** The tokens of the segments that a read gives. */
  final List<UUID> read(long fromSeq, int maxBytes) {
    return tokens(segments(key, fromSeq, maxBytes));
  }

  /** The segments that a read gives; the session must live. */
  final List<Segment> segments(SessionKey session, long fromSeq, int maxBytes) {
    ReadOutcome read = StoreData.await(store.read(session, fromSeq, maxBytes));
    assertThat(read)
        .as("the read from seq %d of a session that was created, and not deleted", fromSeq)
        .isInstanceOf(ReadOutcome.Segments.class);
    return ((ReadOutcome.Segments) read).segments();
  }

  static List<UUID> tokens(List<Segment> segments) {
    return segments.stream().map(Segment::token).toList();
  }
}
