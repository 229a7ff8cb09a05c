package ai.starcite.internal.append;

import org.jspecify.annotations.Nullable;

/**
 * Ops that have an outcome, and whose callers are still to be told. Linked through the ops, each of
 * which is in one list at most: it takes no memory, so that none is lost where that is short.
 */
public final class EndedCalls {
  private @Nullable AppendCall first;
  private @Nullable AppendCall last;

  public boolean isEmpty() {
    return first == null;
  }

  public void add(AppendCall op) {
    if (last == null) {
      first = op;
    } else {
      last.nextEnded = op;
    }
    last = op;
  }

  /** Takes all ops of another list. */
  void addAll(EndedCalls others) {
    if (others.first == null) {
      return;
    }
    if (last == null) {
      first = others.first;
    } else {
      last.nextEnded = others.first;
    }
    last = others.last;
    others.first = null;
    others.last = null;
  }

  /** Takes the first op, or null. */
  @Nullable AppendCall poll() {
    AppendCall op = first;
    if (op != null) {
      first = op.nextEnded;
      op.nextEnded = null;
      if (first == null) {
        last = null;
      }
    }
    return op;
  }

  /** The bytes that these ops count for. */
  long charge() {
    long sum = 0;
    for (AppendCall op = first; op != null; op = op.nextEnded) {
      sum += op.charge();
    }
    return sum;
  }

  int size() {
    int count = 0;
    for (AppendCall op = first; op != null; op = op.nextEnded) {
      count++;
    }
    return count;
  }
}
