package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a log decides of seals, whatever the store. */
@OverMemory
class SessionSealTest extends LogFixture {
  private static final AppendOptions SEAL = AppendOptions.defaults().withSeal();

  @BeforeEach
  void create() {
    log().create(NewSession.ofId("s"));
  }

  @Test
  @DisplayName("SES-8: sealing twice succeeds and changes nothing")
  void sealTwice() {
    Session sealed = log().seal("s");
    assertThat(log().seal("s")).isEqualTo(sealed);
    assertThat(reopen().seal("s")).isEqualTo(sealed);
  }

  @Test
  @DisplayName("SES-8: an append with seal that fails seals nothing")
  void failedAppendDoesNotSeal() {
    log().append("s", event("one"));
    failure(
        Code.EXPECTED_SEQ_CONFLICT, () -> log().append("s", event("x"), SEAL.withExpectedSeq(0)));
    assertThat(log().get("s").sealed()).isFalse();
    assertThat(log().append("s", event("two")).seq()).isEqualTo(2);
  }

  @Test
  @DisplayName("SES-8: the retry of a batch with seal dedupes as a whole")
  void retryOfBatchDedupes() {
    List<NewEvent> batch =
        List.of(event("a").withProducer("p", 1), event("b").withProducer("p", 2));
    log().appendAll("s", batch, SEAL);
    assertThat(reopen().appendAll("s", batch, SEAL))
        .containsExactly(new AppendResult(1, 2, true), new AppendResult(2, 2, true));
    assertThat(log().get("s").version()).isEqualTo(2);
  }

  @Test
  @DisplayName("SES-8: the seal flag counts as content of the event that carries it")
  void sealIsContent() {
    NewEvent plain = event("plain").withProducer("p", 1);
    NewEvent sealing = event("sealing").withProducer("p", 2);
    log().append("s", plain);
    log().append("s", sealing, SEAL);
    for (int i = 0; i < 2; i++) {
      failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append("s", plain, SEAL));
      failure(Code.PRODUCER_REPLAY_CONFLICT, () -> log().append("s", sealing));
      assertThat(log().append("s", plain).deduped()).isTrue();
      assertThat(log().append("s", sealing, SEAL).deduped()).isTrue();
      reopen();
    }
  }

  @Test
  @DisplayName("SES-8: tails deliver the last event and then complete")
  void tailsComplete() throws Exception {
    log().append("s", event("one"));
    Tail waiting = log().tail("s", 1);
    Tail behind = log().tail("s", 0);
    AtOnce.run(
        2,
        thread -> {
          if (thread == 0) {
            log().append("s", event("two"));
            log().append("s", event("three"), SEAL);
          } else {
            assertThat(waiting.next().seq()).isEqualTo(2);
            assertThat(waiting.next().seq()).isEqualTo(3);
            assertThat(waiting.hasNext()).isFalse();
          }
          return null;
        });
    assertThat(waiting.end()).contains(TailEnd.SEALED);
    assertThat((Iterator<Event>) behind)
        .toIterable()
        .extracting(Event::seq)
        .containsExactly(1L, 2L, 3L);
    assertThat(behind.end()).contains(TailEnd.SEALED);
    reopen();
    try (Tail late = log().tail("s", 3)) {
      assertThat(late.hasNext()).isFalse();
      assertThat(late.end()).contains(TailEnd.SEALED);
    }
  }

  @Test
  @DisplayName("SES-8: update and archive work on a sealed session and leave it sealed")
  void updateSealed() {
    log().append("s", event("one"), SEAL);
    assertThat(log().update("s", SessionUpdate.defaults().withTitle("x")).sealed()).isTrue();
    assertThat(log().archive("s").sealed()).isTrue();
    Session last = log().unarchive("s");
    assertThat(last.sealed()).isTrue();
    assertThat(last.title()).contains("x");
    assertThat(last.version()).isEqualTo(5);
    assertThat(reopen().get("s")).isEqualTo(last);
    refusesAppends();
  }

  private void refusesAppends() {
    for (Call call : Call.ofSession()) {
      if (call.name().startsWith("append")) {
        SessionLogException failure = failure(Code.SESSION_SEALED, () -> call.on().run(log(), "s"));
        assertThat(failure.isDefinite()).isTrue();
        assertThat(failure.isRetryable()).isFalse();
      }
    }
    failure(Code.SESSION_SEALED, () -> log().append("s", event("x"), SEAL));
  }
}
