package ai.starcite.testkit.model;

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
}
