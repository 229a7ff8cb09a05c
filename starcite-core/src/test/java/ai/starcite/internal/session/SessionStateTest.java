package ai.starcite.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.segment.Checksum;
import ai.starcite.internal.segment.SegmentWriter;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StateCheckpoint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The fold over a session's events, and its checkpoints. */
class SessionStateTest {
  private static final SessionKey KEY = new SessionKey("s", "AAECAwQFBgcICQoLDA0ODw");
  private static final UUID NONE = new UUID(0, 0);

  private static NewEvent numbered(String producer, long number) {
    return NewEvent.of("content", Json.parse("{\"n\":" + number + "}"))
        .withProducer(producer, number);
  }

  /** Two events of each of so many producers, and one of nobody. */
  private static Page page(int producers) {
    SegmentWriter writer = new SegmentWriter(KEY);
    for (int number = 7; number < 9; number++) {
      for (int i = 0; i < producers; i++) {
        writer.add(numbered("producer \u00e9 " + i, number), 1_000_000, false);
      }
    }
    writer.add(NewEvent.of("status", Json.parse("{}")), 2_000_000, false);
    return Page.of(writer.finish(1, new UUID(3, 4), NONE));
  }

  private static SessionState state(int producers) {
    SessionState state = new SessionState();
    state.apply(page(producers));
    return state;
  }

  private static void assertSame(SessionState actual, SessionState expected, int producers) {
    assertThat(actual.nextSeq()).isEqualTo(expected.nextSeq());
    assertThat(actual.lastTime()).isEqualTo(expected.lastTime());
    assertThat(actual.lastToken()).isEqualTo(expected.lastToken());
    assertThat(actual.sealed()).isEqualTo(expected.sealed());
    assertThat(actual.producers().size()).isEqualTo(expected.producers().size());
    assertThat(actual.weight()).isEqualTo(expected.weight());
    for (int i = 0; i < producers; i++) {
      ProducerState restored = actual.producers().get("producer \u00e9 " + i);
      ProducerState original = expected.producers().get("producer \u00e9 " + i);
      assertThat(restored.first()).isEqualTo(original.first());
      assertThat(restored.firstSeq()).isEqualTo(original.firstSeq());
      assertThat(restored.last()).isEqualTo(original.last());
      assertThat(restored.lastSeq()).isEqualTo(original.lastSeq());
      for (long number = original.first(); number <= original.last(); number++) {
        assertThat(restored.remembers(number)).isTrue();
        assertThat(restored.seq(number)).isEqualTo(original.seq(number));
        assertThat(restored.hash(number)).isEqualTo(original.hash(number));
      }
    }
  }

  @Test
  @DisplayName("APP-4: the state of a session is a fold over its pages")
  void apply() {
    SessionState state = state(3);

    assertThat(state.nextSeq()).isEqualTo(8);
    assertThat(state.lastTime()).isEqualTo(2_000_000);
    assertThat(state.lastToken()).isEqualTo(new UUID(3, 4));
    assertThat(state.sealed()).isFalse();
    assertThat(state.producers().size()).isEqualTo(3);
    ProducerState first = state.producers().get("producer \u00e9 0");
    assertThat(first.first()).isEqualTo(7);
    assertThat(first.last()).isEqualTo(8);
    assertThat(first.seq(7)).isEqualTo(1);
    assertThat(first.seq(8)).isEqualTo(4);
    assertThat(first.hash(8)).isEqualTo(Page.contentHash(numbered("producer \u00e9 0", 8), false));
  }

  @Test
  @DisplayName("APP-4: of a page that is known in part, only the rest is taken")
  void apply_partly() {
    SessionState state = new SessionState();
    for (long seq = 1; seq <= 2; seq++) {
      state.producers().add("producer \u00e9 " + (seq - 1), 7, seq, page(3).contentHash(seq));
    }
    state.advance(3, 1_000_000, new UUID(9, 9), false);

    state.apply(page(3));

    assertSame(state, state(3), 3);
  }

  @Test
  @DisplayName("ERR-2: a page that does not follow the one before is CORRUPT")
  void apply_brokenChain() {
    SessionState state = state(1);
    SegmentWriter writer = new SegmentWriter(KEY);
    writer.add(numbered("producer \u00e9 0", 9), 3_000_000, false);
    Page stranger = Page.of(writer.finish(state.nextSeq(), new UUID(5, 5), new UUID(4, 4)));

    assertThatThrownBy(() -> state.apply(stranger))
        .isInstanceOf(SessionLogException.class)
        .hasMessageContaining("seq " + state.nextSeq());
  }

  @Test
  @DisplayName("SES-8: a seal without events seals the state, also when it is met twice")
  void apply_seal() {
    SessionState state = state(1);
    SegmentWriter writer = new SegmentWriter(KEY);
    writer.seal(3_000_000);
    Page seal = Page.of(writer.finish(state.nextSeq(), new UUID(5, 5), new UUID(3, 4)));
    long nextSeq = state.nextSeq();

    state.apply(seal);
    assertThat(state.sealed()).isTrue();
    assertThat(state.nextSeq()).isEqualTo(nextSeq);
    assertThat(state.lastTime()).isEqualTo(3_000_000);
  }

  @Test
  @DisplayName("APP-4: a checkpoint brings the state back")
  void checkpoint() {
    for (int producers : new int[] {0, 1, 100}) {
      SessionState state = state(producers);
      StateCheckpoint checkpoint = state.checkpoint(KEY);

      assertThat(checkpoint.nextSeq()).isEqualTo(state.nextSeq());
      assertSame(SessionState.restore(KEY, checkpoint).orElseThrow(), state, producers);
    }
    SessionState sealed = state(2);
    sealed.advance(6, 3_000_000, new UUID(7, 7), true);
    assertSame(SessionState.restore(KEY, sealed.checkpoint(KEY)).orElseThrow(), sealed, 2);
    SessionState fresh = new SessionState();
    assertSame(SessionState.restore(KEY, fresh.checkpoint(KEY)).orElseThrow(), fresh, 0);
  }

  @Test
  @DisplayName("APP-4: a checkpoint of another life is not used")
  void restore_foreign() {
    StateCheckpoint checkpoint = state(2).checkpoint(KEY);
    SessionKey newLife = new SessionKey("s", "BBECAwQFBgcICQoLDA0ODw");

    assertThat(SessionState.restore(newLife, checkpoint)).isEmpty();
  }

  @Test
  @DisplayName("APP-4: a checkpoint that was damaged anywhere, or cut short, is not used")
  void restore_damaged() {
    byte[] saved = state(3).checkpoint(KEY).bytes();
    for (int at = 0; at < saved.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = saved.clone();
        damaged[at] ^= (byte) (1 << bit);
        assertThat(restored(damaged)).as("byte %d, bit %d", at, bit).isEmpty();
      }
      assertThat(restored(Arrays.copyOf(saved, at))).as("%d bytes", at).isEmpty();
    }
  }

  @Test
  @DisplayName("APP-4: a checkpoint of another format is not used")
  void restore_otherFormat() {
    byte[] saved = state(3).checkpoint(KEY).bytes();
    for (int format : new int[] {0, 1, 3, 255}) {
      byte[] other = saved.clone();
      other[0] = (byte) format;
      int body = other.length - Integer.BYTES;
      ByteBuffer.wrap(other).putInt(body, Checksum.crc32c(other, 0, body));
      assertThat(restored(other)).isEmpty();
    }
  }

  private static Optional<SessionState> restored(byte[] bytes) {
    return SessionState.restore(KEY, new StateCheckpoint(8, bytes));
  }
}
