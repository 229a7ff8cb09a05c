package ai.starcite.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.NewEvent;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checks of the demo can fail. */
class AuditTest {
  private static final Map<Long, NewEvent> ACKNOWLEDGED =
      Map.of(1L, CrashingWriter.event(1), 2L, CrashingWriter.event(2));

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

    assertThat(summary.print(QuickstartRun.stream(out))).isOne();
    assertThat(QuickstartRun.text(out))
        .containsPattern("lost +2 ✗ FAILED: expected 0")
        .contains("SOME CHECKS FAILED")
        .doesNotContain("all checks passed");
  }

  private static Event stored(long seq, long number) {
    return Event.of(seq, Instant.EPOCH, CrashingWriter.event(number));
  }
}
