package ai.starcite.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * The kit finds what is wrong: each defect fails a test of the clause that it breaks, with a
 * message that says so. {@code -Dstarcite.defects} prints which ones.
 */
@Timeout(300)
class KitSelfTest {
  private static final boolean PRINTS = System.getProperty("starcite.defects") != null;

  @AfterEach
  void mend() {
    BrokenStoreCase.defect = StoreDefect.NONE;
    BrokenLogCase.defect = LogDefect.NONE;
  }

  @ParameterizedTest
  @EnumSource(value = StoreDefect.class, names = "NONE", mode = Mode.EXCLUDE)
  @DisplayName("a store with a defect is found out")
  void brokenStores(StoreDefect defect) {
    BrokenStoreCase.defect = defect;
    assertFound(defect, BrokenStoreCase.class, defect.group, defect.clause, defect.says);
  }

  @ParameterizedTest
  @EnumSource(value = LogDefect.class, names = "NONE", mode = Mode.EXCLUDE)
  @DisplayName("a log with a defect is found out")
  void brokenLogs(LogDefect defect) {
    Class<?> suite = defect.inEveryStore ? BrokenLogCase.class : BrokenLogSuiteCase.class;
    assertThat(KitRun.of(suite, defect.group, defect.clause).failures())
        .as("without the defect")
        .isEmpty();
    BrokenLogCase.defect = defect;
    assertFound(defect, suite, defect.group, defect.clause, defect.says);
  }

  private static void assertFound(
      Enum<?> defect, Class<?> suite, String group, String clause, String says) {
    List<KitRun.Failure> found = KitRun.of(suite, group, clause).failures();
    if (PRINTS) {
      found.forEach(each -> System.out.printf("%-30s %s%n", defect, each.test()));
    }
    assertThat(found)
        .as("tests of %s in %s that find %s", clause, group, defect)
        .anySatisfy(
            failure -> {
              assertThat(failure.test()).contains(clause);
              assertThat(failure.message()).isNotBlank().contains(says);
            });
  }
}
