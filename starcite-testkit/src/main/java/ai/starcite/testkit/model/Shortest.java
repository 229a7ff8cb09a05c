package ai.starcite.testkit.model;

import ai.starcite.testkit.contract.StoresOfTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Shrinkable;

/**
 * Makes a sequence of operations that breaks a clause as short as can be found in a while, and its
 * operations simple: leaves out more and more of them, singly and in pairs, lets producers be one
 * and the same, then has jqwik shrink each operation that is left. Whatever is tried runs on a new
 * store; it counts if the same clause breaks.
 */
final class Shortest {
  /** Of longer sequences there are too many pairs to try. */
  private static final int MOST_FOR_PAIRS = 16;

  private final Supplier<StoresOfTest> stores;
  private final long deadline;
  private List<Shrinkable<Operation>> operations;

  /** By producer, the other one that it is. */
  private Map<String, String> merged = Map.of();

  private ContractBroken failure;

  Shortest(
      Supplier<StoresOfTest> stores,
      List<Shrinkable<Operation>> operations,
      ContractBroken failure,
      Duration most) {
    this.stores = stores;
    this.operations = operations;
    this.failure = failure;
    this.deadline = System.nanoTime() + most.toNanos();
  }

  /** The failure of the shortest sequence. */
  ContractBroken find() {
    boolean better = replace(operations);
    if (!better) {
      return failure.with(
          "The same calls came to something else when they were made again, so they could not be"
              + " made fewer: it depends on timing.");
    }
    while (better && hasTime()) {
      better = leaveOut() | leaveOutPair() | mergeProducers() | simplify();
    }
    return failure;
  }

  /** Leaves out half of the sequence, a quarter and so on, down to single operations. */
  private boolean leaveOut() {
    boolean better = false;
    for (int length = Math.max(1, operations.size() / 2); length > 0; length /= 2) {
      // From the end, since an operation does not depend on those after it.
      for (int to = operations.size(); to > 0 && hasTime(); to -= length) {
        List<Shrinkable<Operation>> fewer = new ArrayList<>(operations);
        fewer.subList(Math.max(0, to - length), to).clear();
        better |= replace(fewer);
        to = Math.min(to, operations.size() + length);
      }
    }
    return better;
  }

  /**
   * Leaves out two that hide each other, such as a create and a delete of another session: without
   * one of them alone, those after it would be about other sessions.
   */
  private boolean leaveOutPair() {
    if (operations.size() > MOST_FOR_PAIRS) {
      return false;
    }
    for (int second = operations.size() - 1; second > 0; second--) {
      for (int first = second - 1; first >= 0 && hasTime(); first--) {
        List<Shrinkable<Operation>> fewer = new ArrayList<>(operations);
        fewer.remove(second);
        fewer.remove(first);
        if (replace(fewer)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Lets one producer do what two of them did, after which more may be left out. */
  private boolean mergeProducers() {
    boolean better = false;
    for (String one : EventIntent.PRODUCERS) {
      for (String other : EventIntent.PRODUCERS) {
        if (other.compareTo(one) > 0 && !merged.containsKey(one) && !merged.containsKey(other)) {
          better |= merge(merging(other, one));
        }
      }
    }
    return better;
  }

  /**
   * Merges, and leaves out an operation if that is needed: that may have been the other's first.
   */
  private boolean merge(Map<String, String> same) {
    boolean done = hasTime() && replace(operations, same);
    for (int i = 0; !done && i < operations.size() && hasTime(); i++) {
      List<Shrinkable<Operation>> fewer = new ArrayList<>(operations);
      fewer.remove(i);
      done = replace(fewer, same);
    }
    return done;
  }

  private Map<String, String> merging(String other, String one) {
    Map<String, String> more = new HashMap<>(merged);
    more.replaceAll((producer, same) -> same.equals(other) ? one : same);
    more.put(other, one);
    return more;
  }

  private boolean simplify() {
    boolean better = false;
    for (int i = 0; i < operations.size(); i++) {
      while (simplify(i)) {
        better = true;
      }
    }
    return better;
  }

  private boolean simplify(int i) {
    if (i >= operations.size()) {
      return false;
    }
    int place = i;
    return operations
        .get(i)
        .shrink()
        .takeWhile(simpler -> hasTime())
        .anyMatch(
            simpler -> {
              List<Shrinkable<Operation>> changed = new ArrayList<>(operations);
              changed.set(place, simpler);
              return replace(changed);
            });
  }

  /** Goes on with other operations if they break the same clause. */
  private boolean replace(List<Shrinkable<Operation>> candidate) {
    return replace(candidate, merged);
  }

  private boolean replace(List<Shrinkable<Operation>> candidate, Map<String, String> same) {
    Optional<ContractBroken> broken = run(candidate, same);
    boolean alike = broken.filter(each -> each.clause().equals(failure.clause())).isPresent();
    if (alike) {
      failure = broken.get();
      merged = same;
      // What comes after the failure was not needed.
      operations = candidate.subList(0, failure.operations());
    }
    return alike;
  }

  private Optional<ContractBroken> run(
      List<Shrinkable<Operation>> candidate, Map<String, String> same) {
    try (Trial trial = new Trial(stores, same)) {
      candidate.forEach(trial::perform);
      return Optional.empty();
    } catch (ContractBroken broken) {
      return Optional.of(broken);
    }
  }

  private boolean hasTime() {
    return System.nanoTime() < deadline;
  }
}
