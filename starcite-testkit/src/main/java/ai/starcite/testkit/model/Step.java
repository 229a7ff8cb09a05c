package ai.starcite.testkit.model;

import java.util.function.Function;

/** One call of a script, and what the contract says of it. */
interface Step {
  /** The clause that is broken if it comes to something else than that. */
  String clause(Outcome expected);

  /** Calls the log under test and gives what came of it, in terms that the model knows too. */
  Object call(LiveLog live);

  /** What must come of the same call, or the failure. Asked after the call. */
  Object expect(LogModel model, LiveLog live);

  /**
   * The call as a line of Java. Asked after the call.
   *
   * @param returned whether the call returned, so that what it gave may be used by later lines
   */
  String code(LiveLog live, boolean returned);

  /** A call that breaks the same clause whatever it should have come to. */
  static Step of(
      String clause,
      Function<LiveLog, Object> call,
      Function<LogModel, Object> expect,
      Function<LiveLog, String> code) {
    return new Step() {
      @Override
      public String clause(Outcome expected) {
        return clause;
      }

      @Override
      public Object call(LiveLog live) {
        return call.apply(live);
      }

      @Override
      public Object expect(LogModel model, LiveLog live) {
        return expect.apply(model);
      }

      @Override
      public String code(LiveLog live, boolean returned) {
        return code.apply(live);
      }
    };
  }
}
