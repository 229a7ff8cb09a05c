package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Single appends: durability, order, expected seqs, and which check comes first. */
public abstract class AppendClauses extends AppendFixture {

  @Test
  @DisplayName("APP-1: an acknowledged event is there after a restart")
  void durable() {
    String id = newSession();
    assertThat(log().append(id, event("a"))).isEqualTo(appended(1));
    assertThat(await(log().appendAsync(id, event("b")))).isEqualTo(appended(2));
    log().appendAll(id, List.of(event("c"), event("d")));
    reopen();
    assertThat(texts(id)).containsExactly("a", "b", "c", "d");
    assertThat(log().append(id, event("e"))).isEqualTo(appended(5));
  }

  @Test
  @DisplayName("APP-2: every session counts its own events from 1")
  void sessionsCountAlone() {
    String one = newSession();
    String two = newSession();
    for (int i = 1; i <= 10; i++) {
      assertThat(log().append(one, event("x"))).isEqualTo(appended(i));
      assertThat(log().append(two, event("y"))).isEqualTo(appended(i));
    }
    assertThat(texts(one)).hasSize(10).containsOnly("x");
  }

  @Test
  @DisplayName("APP-5: an append that expects the last seq succeeds")
  void expectedSeq() {
    String id = newSession();
    assertThat(log().append(id, event("a"), expecting(0))).isEqualTo(appended(1));
    assertThat(log().append(id, event("b"), expecting(1))).isEqualTo(appended(2));
    reopen();
    assertThat(log().append(id, event("c"), expecting(2))).isEqualTo(appended(3));
  }

  @Test
  @DisplayName("APP-5: any other expected seq is a conflict that names the last one")
  void expectedSeqConflict() {
    String id = newSession();
    log().appendAll(id, List.of(event("a"), event("b")));
    for (long wrong : new long[] {0, 1, 3, Long.MAX_VALUE}) {
      SessionLogException conflict =
          failure(Code.EXPECTED_SEQ_CONFLICT, () -> log().append(id, event("x"), expecting(wrong)));
      assertThat(conflict.currentSeq()).hasValue(2);
      assertThat(conflict.isDefinite()).isTrue();
    }
    assertThat(texts(id)).containsExactly("a", "b");
  }

  @Test
  @DisplayName("APP-6: a retry of an acknowledged append succeeds, whatever came after it")
  void retrySucceeds() {
    String id = newSession();
    assertThat(log().append(id, numbered("p", 1), expecting(0))).isEqualTo(appended(1));
    log().append(id, event("b"));
    assertThat(log().append(id, numbered("p", 1), expecting(0))).isEqualTo(deduped(1, 2));
    log().archive(id);
    assertThat(log().append(id, numbered("p", 1), expecting(0))).isEqualTo(deduped(1, 2));
    log().seal(id);
    reopen();
    assertThat(log().append(id, numbered("p", 1), expecting(0))).isEqualTo(deduped(1, 2));
  }
}
