package ai.starcite.examples.cli.console;

import java.util.Locale;

/** A line on standard error that counts, if that is a terminal. */
public final class Progress {
  private static final long PAUSE_NANOS = 200_000_000L;

  private final Shell shell;
  private final String noun;
  private final long start = System.nanoTime();
  private long shownAt = start;
  private boolean shown;

  public Progress(Shell shell, String noun) {
    this.shell = shell;
    this.noun = noun;
  }

  public void at(long count) {
    long now = System.nanoTime();
    if (shell.errIsTerminal() && now - shownAt >= PAUSE_NANOS) {
      show(count, now);
    }
  }

  /** Leaves the last count on the screen. */
  public void end(long count) {
    if (shell.errIsTerminal()) {
      show(count, System.nanoTime());
    }
    clear();
  }

  /** Goes to a new line, for a message. */
  public void clear() {
    if (shown) {
      shell.err().println();
      shown = false;
    }
  }

  private void show(long count, long now) {
    double seconds = Math.max(now - start, 1) / 1e9;
    shell
        .err()
        .print(String.format(Locale.ROOT, "\r%,d %s, %,.0f/s ", count, noun, count / seconds));
    shell.err().flush();
    shownAt = now;
    shown = true;
  }
}
