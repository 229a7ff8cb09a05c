package ai.starcite.linearizability;

import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One session as the contract has it, for one caller at a time: what {@link LogCalls} must do. */
public final class SequentialLog {
  private boolean exists = true;
  private boolean sealed;
  private final List<String> events = new ArrayList<>();
  private final Map<String, List<Integer>> producers = new HashMap<>();

  public String create(int log) {
    String told = exists ? Code.SESSION_EXISTS.name() : "created";
    exists = true;
    return told;
  }

  public String delete(int log) {
    return ifExists(
        () -> {
          exists = false;
          sealed = false;
          events.clear();
          producers.clear();
          return "deleted";
        });
  }

  public String get(int log) {
    return ifExists(() -> events.size() + (sealed ? " sealed" : ""));
  }

  public String read(int log) {
    return ifExists(() -> String.join(" ", events));
  }

  public String seal(int log) {
    return ifExists(
        () -> {
          sealed = true;
          return "sealed";
        });
  }

  public String append(int log, int value) {
    return ifOpen(() -> add("v" + value));
  }

  public String appendLast(int log, int value) {
    String told = append(log, value);
    sealed |= exists;
    return told;
  }

  public String appendAfter(int log, int lastSeq) {
    return ifOpen(
        () ->
            lastSeq == events.size()
                ? add("after" + lastSeq)
                : Code.EXPECTED_SEQ_CONFLICT + " " + events.size());
  }

  public String appendAs(int log, int number, int content) {
    String text = "p" + number + "=" + content;
    return ifExists(
        () -> {
          List<Integer> numbers = producers.getOrDefault("p", List.of());
          if (numbers.contains(number)) {
            int seq = 1 + events.indexOf(find(number));
            return events.contains(text) ? seq + " again" : Code.PRODUCER_REPLAY_CONFLICT.name();
          }
          if (!numbers.isEmpty() && number != numbers.get(numbers.size() - 1) + 1) {
            return Code.PRODUCER_SEQ_CONFLICT.name();
          }
          return ifOpen(
              () -> {
                producers.computeIfAbsent("p", any -> new ArrayList<>()).add(number);
                return add(text);
              });
        });
  }

  public String appendTwo(int log, int value) {
    return ifOpen(() -> add("a" + value) + " " + add("b" + value));
  }

  private String find(int number) {
    return events.stream().filter(e -> e.startsWith("p" + number + "=")).findFirst().orElseThrow();
  }

  private String add(String event) {
    events.add(event);
    return String.valueOf(events.size());
  }

  private interface Step {
    String take();
  }

  private String ifExists(Step step) {
    return exists ? step.take() : Code.SESSION_NOT_FOUND.name();
  }

  private String ifOpen(Step step) {
    return ifExists(() -> sealed ? Code.SESSION_SEALED.name() : step.take());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SequentialLog that
        && exists == that.exists
        && sealed == that.sealed
        && events.equals(that.events);
  }

  @Override
  public int hashCode() {
    return Objects.hash(exists, sealed, events);
  }
}
