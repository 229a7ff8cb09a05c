package ai.starcite.testkit.history;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import java.util.List;
import java.util.stream.Collectors;

/** An append of one event or of several, in any of the ways that there are. */
final class RecordedAppend extends RecordedCall {
  private static final int MOST_SHOWN = 6;

  final List<NewEvent> events;

  /** The last seq that was demanded, or -1. */
  final long expectedSeq;

  final boolean seal;

  RecordedAppend(
      Caller caller, String sessionId, long invoked, List<NewEvent> events, AppendOptions options) {
    super(caller, sessionId, invoked);
    this.events = List.copyOf(events);
    this.expectedSeq = options.expectedSeq().orElse(-1);
    this.seal = options.seal();
  }

  /** The results of an append that succeeded, one for each event. */
  @SuppressWarnings("unchecked")
  List<AppendResult> results() {
    return (List<AppendResult>) result(List.class);
  }

  /** Whether an event carries the seal: the last one of a batch does. */
  boolean sealsWith(int i) {
    return seal && i == events.size() - 1;
  }

  /** Whether another call asked for the same. */
  boolean asksTheSameAs(RecordedAppend other) {
    return seal == other.seal && expectedSeq == other.expectedSeq && events.equals(other.events);
  }

  /** An event in short. */
  static String show(NewEvent event) {
    String payload = event.payload().toString();
    String pair =
        event.producerId().map(id -> id + "#" + event.producerSeq().getAsLong() + " ").orElse("");
    return pair + (payload.length() > 60 ? payload.substring(0, 60) + "…" : payload);
  }

  @Override
  String request() {
    String shown =
        events.stream()
            .limit(MOST_SHOWN)
            .map(RecordedAppend::show)
            .collect(Collectors.joining(" | "));
    return "append to %s of %s%s%s%s"
        .formatted(
            sessionId,
            shown,
            events.size() > MOST_SHOWN ? " | … (" + events.size() + " events)" : "",
            expectedSeq < 0 ? "" : ", expected seq " + expectedSeq,
            seal ? ", with seal" : "");
  }

  @Override
  String response() {
    List<AppendResult> results = results();
    String shown =
        results.stream()
            .limit(MOST_SHOWN)
            .map(each -> each.seq() + (each.deduped() ? " (deduped)" : ""))
            .collect(Collectors.joining(", "));
    return "seq %s%s; last_seq %d"
        .formatted(shown, results.size() > MOST_SHOWN ? ", …" : "", results.get(0).lastSeq());
  }
}
