package ai.starcite.testkit.model;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import java.util.List;

/** Appends an event, or several at once. */
record AppendStep(String id, List<NewEvent> events, AppendOptions options) implements Step {

  /** What came of it. */
  private record Appended(List<AppendResult> results) {
    @Override
    public String toString() {
      return String.join(
          ", ",
          results.stream()
              .map(
                  each ->
                      "seq=%d lastSeq=%d%s"
                          .formatted(each.seq(), each.lastSeq(), each.deduped() ? " deduped" : ""))
              .toList());
    }
  }

  /** In the order of APP-6: what is judged first is blamed first. */
  @Override
  public String clause(Outcome expected) {
    if (expected instanceof Outcome.Failed failed) {
      return switch (failed.code()) {
        case INVALID -> "APP-3";
        case SESSION_NOT_FOUND -> "SES-7";
        case SESSION_SEALED -> "SES-8";
        case EXPECTED_SEQ_CONFLICT -> "APP-5";
        default -> "APP-4";
      };
    }
    boolean deduped =
        expected instanceof Outcome.Returned returned
            && returned.value() instanceof Appended appended
            && appended.results().stream().anyMatch(AppendResult::deduped);
    return deduped ? "APP-4" : events.size() > 1 ? "APP-3" : "APP-2";
  }

  @Override
  public Object call(LiveLog live) {
    return new Appended(
        events.size() == 1
            ? List.of(live.log().append(id, events.get(0), options))
            : live.log().appendAll(id, events, options));
  }

  @Override
  public Object expect(LogModel model, LiveLog live) {
    AppendModel.requireDistinct(events);
    return new Appended(model.get(id).append(events, options));
  }

  @Override
  public String code(LiveLog live, boolean returned) {
    String what =
        events.size() == 1
            ? JavaCode.event(events.get(0))
            : "List.of(%s)"
                .formatted(String.join(", ", events.stream().map(JavaCode::event).toList()));
    return "log.%s(%s, %s%s);"
        .formatted(
            events.size() == 1 ? "append" : "appendAll",
            live.code(id),
            what,
            options.equals(AppendOptions.defaults()) ? "" : ", " + JavaCode.options(options));
  }
}
