package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The numbered rules of APP-4. */
public abstract class RetryClauses extends AppendFixture {

  @Test
  @DisplayName("APP-4.2: the last number plus 1 appends, across restarts")
  void next() {
    String id = newSession();
    for (long number = 5; number <= 20; number++) {
      assertThat(log().append(id, numbered("p", number))).isEqualTo(appended(number - 4));
      if (number % 5 == 0) {
        reopen();
      }
    }
  }

  @Test
  @DisplayName("APP-4.3: a known number returns the first seq and the current last seq")
  void known() {
    String id = newSession();
    log().appendAll(id, numbered("p", 1, 5));
    log().append(id, event("x"));
    for (int number = 5; number >= 1; number--) {
      assertThat(log().append(id, numbered("p", number))).isEqualTo(deduped(number, 6));
      assertThat(await(log().appendAsync(id, numbered("p", number)))).isEqualTo(deduped(number, 6));
    }
    reopen();
    assertThat(log().append(id, numbered("p", 3))).isEqualTo(deduped(3, 6));
    assertThat(texts(id)).hasSize(6);
  }
}
