package ai.starcite.testkit.history;

import ai.starcite.Json;
import ai.starcite.SessionUpdate;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * The updates of one caller: each leaves a mark in the metadata that no other one makes, so that it
 * is seen if it is lost.
 */
public final class Marks {
  private final String caller;
  private final Random random;
  private int made;

  /**
   * Makes the marks of one caller.
   *
   * @param caller the name of the caller, which no other one has
   * @param random draws what an update changes
   */
  public Marks(String caller, Random random) {
    this.caller = caller;
    this.random = random;
  }

  /**
   * Returns the next update.
   *
   * @param version reads the current version, which most updates expect
   * @return an update that leaves a new mark
   */
  public SessionUpdate next(LongSupplier version) {
    String mark = caller + "/" + ++made;
    SessionUpdate update = SessionUpdate.defaults().withMetadata(Json.encode(Map.of(mark, true)));
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
