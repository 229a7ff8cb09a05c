package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Batches (APP-3). */
public abstract class BatchClauses extends AppendFixture {
  private static final AppendOptions SEAL = AppendOptions.defaults().withSeal();
  private static final int MIB = 1 << 20;

  @Test
  @DisplayName("APP-3: a batch gets consecutive seqs, and one last seq")
  void consecutive() {
    String id = newSession();
    log().append(id, event("x"));
    assertThat(log().appendAll(id, List.of(event("a"), event("b"), event("c"))))
        .containsExactly(result(2, 4, false), result(3, 4, false), result(4, 4, false));
    reopen();
    assertThat(texts(id)).containsExactly("x", "a", "b", "c");
  }

  private static AppendResult result(long seq, long lastSeq, boolean deduped) {
    return new AppendResult(seq, lastSeq, deduped);
  }

  @Test
  @DisplayName("APP-3: a batch has at most 10,000 events, and at least one")
  void count() {
    String id = newSession();
    List<NewEvent> most = Collections.nCopies(10_000, event("a"));
    List<NewEvent> more = Collections.nCopies(10_001, event("a"));
    failure(Code.INVALID, () -> log().appendAll(id, more));
    failure(Code.INVALID, () -> log().appendAll(id, List.of()));
    assertThat(log().appendAll(id, most)).hasSize(10_000).endsWith(appended(10_000));
    assertThat(texts(id)).hasSize(10_000);
  }

  @Test
  @DisplayName("APP-3: a batch has at most 8 MiB")
  void bytes() {
    String id = newSession();
    List<NewEvent> most = Collections.nCopies(8, sized(MIB));
    List<NewEvent> more = new ArrayList<>(most);
    more.add(event(""));
    failure(Code.INVALID, () -> log().appendAll(id, more));
    assertThat(log().appendAll(id, most)).hasSize(8).endsWith(appended(8));
    reopen();
    assertThat(read(id)).hasSize(8).allMatch(each -> each.size() >= MIB);
  }

  @Test
  @DisplayName("APP-3: a batch that is known as a whole writes nothing")
  void wholeKnown() {
    String id = newSession();
    log().appendAll(id, numbered("p", 1, 100));
    reopen();
    assertThat(log().appendAll(id, numbered("p", 51, 60)))
        .allMatch(each -> each.deduped() && each.lastSeq() == 100)
        .extracting("seq")
        .startsWith(51L)
        .endsWith(60L);
    assertThat(texts(id)).hasSize(100);
  }

  @Test
  @DisplayName("APP-3, SES-8: a batch and its seal happen together, and its retry is deduplicated")
  void seal() {
    String id = newSession();
    log().appendAll(id, numbered("p", 1, 3), SEAL);
    for (int round = 0; round < 2; round++) {
      assertThat(log().get(id).sealed()).isTrue();
      assertThat(log().appendAll(id, numbered("p", 1, 3), SEAL))
          .containsExactly(result(1, 3, true), result(2, 3, true), result(3, 3, true));
      assertThat(log().appendAll(id, numbered("p", 1, 2))).allMatch(each -> each.deduped());
      failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().appendAll(id, numbered("p", 1, 3)));
      failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().appendAll(id, numbered("p", 1, 2), SEAL));
      failure(Code.SESSION_SEALED, () -> log().appendAll(id, numbered("p", 4, 5)));
      reopen();
    }
  }
}
