package ai.starcite.examples.support;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers at the end of a run. Some of them are checks, and decide the exit code. */
public final class Summary {
  private final List<String> lines = new ArrayList<>();
  private boolean passed = true;

  /** A number that is neither right nor wrong. */
  public void number(String name, long value, String remark) {
    add(name, value, "  " + remark);
  }

  /** A number that must be what was expected. */
  public void check(String name, long value, long expected, String remark) {
    boolean holds = value == expected;
    passed &= holds;
    add(name, value, holds ? "✓ " + remark : "✗ FAILED: expected " + expected);
  }

  private void add(String name, long value, String remark) {
    lines.add(String.format(Locale.ROOT, "  %-13s %,7d %s", name, value, remark).stripTrailing());
  }

  /** Prints the numbers and the verdict; returns the exit code. */
  public int print(PrintStream out) {
    out.println();
    out.println("Summary");
    lines.forEach(out::println);
    out.println(passed ? "  all checks passed" : "  SOME CHECKS FAILED");
    return passed ? 0 : 1;
  }
}
