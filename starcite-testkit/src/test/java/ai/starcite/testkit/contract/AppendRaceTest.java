package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Threads that race for one place in a session (APP-2, APP-5). */
@OverMemory
class AppendRaceTest extends AppendFixture {
  private static final AppendOptions SEAL = AppendOptions.defaults().withSeal();

  @Test
  @DisplayName("APP-5: threads that count by expected seqs lose no count")
  void counters() {
    String id = newSession();
    List<FutureTask<Integer>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(start(() -> count(id, 25)));
    }
    threads.forEach(each -> assertThat(await(each)).isEqualTo(25));
    assertThat(texts(id))
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 100).mapToObj(Long::toString).toList());
  }

  private int count(String id, int times) {
    long last = 0;
    int done = 0;
    while (done < times) {
      try {
        last = log().append(id, event(Long.toString(last + 1)), expecting(last)).seq();
        done++;
      } catch (SessionLogException e) {
        assertThat(e.code()).isEqualTo(Code.EXPECTED_SEQ_CONFLICT);
        last = e.currentSeq().orElseThrow();
      }
    }
    return done;
  }

  @Test
  @DisplayName(
      "APP-2, SES-8: of threads that append and seal at once, nothing comes after the seal")
  void sealRace() {
    for (int round : Rounds.upTo(20)) {
      String id = newSession();
      List<FutureTask<Long>> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        boolean seals = i == 0;
        threads.add(
            start(
                () -> {
                  try {
                    return log()
                        .append(id, event("e"), seals ? SEAL : AppendOptions.defaults())
                        .seq();
                  } catch (SessionLogException e) {
                    assertThat(e.code()).isEqualTo(Code.SESSION_SEALED);
                    return 0L;
                  }
                }));
      }
      long last = await(threads.get(0));
      List<Long> seqs = threads.stream().map(each -> await(each)).filter(each -> each > 0).toList();
      assertThat(seqs)
          .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, last).boxed().toList());
      assertThat(read(id)).hasSize((int) last);
    }
  }
}
