package ai.starcite.testkit.model;

import ai.starcite.NewSession;
import java.util.List;
import java.util.function.Function;

/**
 * What is to be done next, whatever there is by then: so it keeps its meaning when operations
 * before it are left out.
 */
@FunctionalInterface
interface Operation {
  /** Ids that a careless store mixes up, cuts off or takes for something else. */
  List<String> IDS = List.of("a", "A", "../x", "\uD83D\uDE00", "\u00e9".repeat(128));

  /** How many of a hundred picks are one of the sessions there are. */
  int EXISTING = 85;

  void perform(Trial trial);

  /** A call on a session that is there by then, mostly. Where none is, one is created. */
  static Operation on(int pick, Function<String, Step> call) {
    return withSession(pick, (trial, id) -> trial.take(call.apply(id)));
  }

  /** As {@link #on}, and the session is compared with the model after that. */
  static Operation changing(int pick, Function<String, Step> call) {
    return withSession(
        pick,
        (trial, id) -> {
          trial.take(call.apply(id));
          if (trial.model().sessions().containsKey(id)) {
            trial.check(SessionSteps.get(id, "SES-3"));
          }
        });
  }

  /** What is done with a session. */
  @FunctionalInterface
  interface Use {
    void of(Trial trial, String id);
  }

  static Operation withSession(int pick, Use use) {
    return trial -> {
      List<String> existing = trial.existing();
      if (existing.isEmpty()) {
        trial.take(new SessionSteps.Create(NewSession.ofId(IDS.get(0))));
      } else if (pick < EXISTING) {
        use.of(trial, existing.get(pick % existing.size()));
      } else {
        use.of(trial, IDS.get(pick % IDS.size()));
      }
    };
  }

  /** Ends the log; all that was acknowledged must be there then. */
  static Operation restart(boolean crash) {
    return trial -> {
      trial.take(SessionSteps.restart(crash));
      for (String id : trial.existing()) {
        trial.check(SessionSteps.get(id, "APP-1"));
        trial.check(TailSteps.readAll(id, "APP-1"));
      }
    };
  }
}
