package ai.starcite.testkit.model;

/** Ends the log and opens it again. */
record RestartStep(boolean crash) implements Step {
  @Override
  public String clause(Outcome expected) {
    return "APP-1";
  }

  @Override
  public Object call(LiveLog live) {
    if (crash) {
      live.crash();
    } else {
      live.reopen();
    }
    return "open";
  }

  @Override
  public Object expect(LogModel model, LiveLog live) {
    model.restart();
    return "open";
  }

  @Override
  public String code(LiveLog live, boolean returned) {
    return crash ? "log = crash();" : "log = reopen();";
  }
}
