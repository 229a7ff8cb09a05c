package ai.starcite.testkit;

import ai.starcite.Json;
import ai.starcite.SessionUpdate;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * The updates of one caller: each leaves a mark in the metadata that no other one makes, so that it
 * is seen if it is lost.
 */
final class Marks {
  private final String caller;
  private final Random random;
  private int made;

  Marks(String caller, Random random) {
    this.caller = caller;
    this.random = random;
  }

  /**
   * The next one.
   *
   * @param version reads the version that there is, which most updates expect
   */
  SessionUpdate next(LongSupplier version) {
    String mark = caller + "/" + ++made;
    SessionUpdate update = SessionUpdate.none().withMetadata(Json.from(Map.of(mark, true)));
    if (random.nextInt(3) == 0) {
      update = update.withTitle(mark);
    }
    if (random.nextInt(3) > 0) {
      boolean isWrong = random.nextInt(8) == 0;
      update = update.withExpectedVersion(version.getAsLong() + (isWrong ? random.nextInt(3) : 0));
    }
    return update;
  }
}
