package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException.Code;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a log decides of seals, whatever the store. */
@OverMemory
class SessionSealTest extends LogFixture {
  private static final AppendOptions SEAL = AppendOptions.none().withSeal();

  @BeforeEach
  void create() {
    log().create(NewSession.named("s"));
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
}
