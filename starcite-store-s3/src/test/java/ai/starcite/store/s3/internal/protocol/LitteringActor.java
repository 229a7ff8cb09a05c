package ai.starcite.store.s3.internal.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Puts objects below the prefix that are not the store's, and removes some of them again. */
final class LitteringActor extends Actor {
  private static final int MOST = 30;

  LitteringActor(Trial trial, Host host, String name, int turns) {
    super(trial, host, name, turns);
  }

  @Override
  void forget() {}

  @Override
  CompletionStage<?> turn() {
    SimulatedObjects objects = trial.objects();
    List<String> there = new ArrayList<>(objects.strays());
    if (there.size() == MOST || (!there.isEmpty() && random.nextInt(3) == 0)) {
      objects.stray(there.get(random.nextInt(there.size())), false);
    } else {
      objects.stray(key(List.copyOf(objects.contents().keySet())), true);
    }
    return now(true);
  }

  /** A key close to existing ones, so that it is in the way. */
  private String key(List<String> own) {
    String near = own.isEmpty() ? "s/s/" + "0".repeat(19) : own.get(random.nextInt(own.size()));
    String folder = near.substring(0, near.lastIndexOf('/') + 1);
    return switch (random.nextInt(9)) {
      // As some servers name what is still being written.
      case 0, 1, 2 -> near + "-" + new UUID(random.nextLong(), random.nextLong());
      case 3 -> folder;
      case 4 -> folder + "!" + random.nextInt(3);
      case 5 -> folder + "0".repeat(19) + "/" + random.nextInt(3);
      case 6 -> folder + "9".repeat(19);
      case 7 -> near.substring(0, near.length() - 2 - random.nextInt(17)) + "0";
      default -> near.substring(0, 2) + random.nextInt(10);
    };
  }
}
