package ai.starcite.testkit.history;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The failure of a check: the clause, what contradicts what in words, and the calls concerned. */
final class Contradiction extends AssertionError {
  private static final long serialVersionUID = 1L;

  private Contradiction(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Names a clause, and says which calls contradict each other. */
  static Contradiction of(String clause, String words, @Nullable RecordedCall... calls) {
    Set<RecordedCall> concerned = new LinkedHashSet<>();
    for (RecordedCall each : calls) {
      if (each != null) {
        concerned.add(each);
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(clause + ": " + words);
    concerned.forEach(each -> lines.add("  " + each));
    if (!concerned.isEmpty()) {
      lines.add("  ([moment of the call, moment of the answer] who: what -> outcome)");
    }
    return new Contradiction(String.join("\n", lines), null);
  }

  /** The same, with the seed of the history. */
  Contradiction withSeed(long seed) {
    return new Contradiction(getMessage() + "\n  seed: " + seed, this);
  }
}
