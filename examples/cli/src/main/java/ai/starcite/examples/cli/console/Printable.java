package ai.starcite.examples.cli.console;

/** Text of others made safe for a terminal: nothing in it can move the cursor or forge a line. */
public final class Printable {
  private Printable() {}

  /** On one line. */
  public static String line(String text) {
    return escape(text, "\\n");
  }

  /** On as many lines as it has, each but the first one indented. */
  public static String block(String text) {
    return escape(text, "\n  ");
  }

  private static String escape(String text, String lineBreak) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        safe.append(lineBreak);
      } else if (c == '\t') {
        safe.append(c);
      } else if (Character.isISOControl(c) || isReordering(c)) {
        safe.append("\\u%04x".formatted((int) c));
      } else {
        safe.append(c);
      }
    }
    return safe.toString();
  }

  /** Line separators, and the marks that make text run the other way. */
  private static boolean isReordering(char c) {
    return c == '\u2028'
        || c == '\u2029'
        || c >= '\u202a' && c <= '\u202e'
        || c >= '\u2066' && c <= '\u2069';
  }
}
