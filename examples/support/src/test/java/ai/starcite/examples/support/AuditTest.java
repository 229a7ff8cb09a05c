package ai.starcite.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.chat.Message;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checks of the demo can fail. */
class AuditTest {
  private static final Map<Long, NewEvent> ACKNOWLEDGED = Map.of(1L, event(1), 2L, event(2));

  @Test
  void lost_everythingIsThere_isNone() {
    assertThat(Audit.lost(ACKNOWLEDGED, List.of(stored(1, 1), stored(2, 2), stored(3, 3))))
        .isZero();
  }

  @Test
  void lost_anAcknowledgedEventIsMissing_countsIt() {
    assertThat(Audit.lost(ACKNOWLEDGED, List.of(stored(1, 1)))).isOne();
  }

  @Test
  void lost_anotherEventIsInItsPlace_countsIt() {
    assertThat(Audit.lost(ACKNOWLEDGED, List.of(stored(1, 1), stored(2, 3)))).isOne();
  }

  @Test
  void duplicated_aProducerPairIsStoredTwice_countsTheSecond() {
    assertThat(Audit.duplicated(List.of(stored(1, 1), stored(2, 2)))).isZero();
    assertThat(Audit.duplicated(List.of(stored(1, 1), stored(2, 1)))).isOne();
  }

  @Test
  void summary_oneCheckFails_exitCodeIsOneAndTheLineSaysWhatWasExpected() {
    Summary summary = new Summary();
    summary.check("duplicated", 0, 0, "");
    summary.check("lost", 2, 0, "");
    summary.check("acknowledged", 7, 7, "");
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    assertThat(summary.print(new PrintStream(out, true, StandardCharsets.UTF_8))).isOne();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsPattern("lost +2 ✗ FAILED: expected 0")
        .contains("SOME CHECKS FAILED")
        .doesNotContain("all checks passed");
  }

  private static NewEvent event(long number) {
    return NewEvent.of(Message.assistant("Step " + number)).withProducer("writer", number);
  }

  private static Event stored(long seq, long number) {
    return Event.of(seq, Instant.EPOCH, event(number));
  }
}
