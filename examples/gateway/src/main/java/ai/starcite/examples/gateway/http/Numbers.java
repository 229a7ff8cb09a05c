package ai.starcite.examples.gateway.http;

/** Whole numbers as clients write them. */
public final class Numbers {
  private Numbers() {}

  /** A number from 0 up; what else it is has the name of that error. */
  public static long parse(String digits, String error, String name) {
    if (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException e) {
        // Falls through: longer than any number that there is.
      }
    }
    throw new Problem(400, error, name + " must be a whole number from 0 up");
  }

  public static int within(String digits, int least, int most, String error, String name) {
    long number = parse(digits, error, name);
    if (number < least || number > most) {
      throw new Problem(400, error, "%s must be %d to %d".formatted(name, least, most));
    }
    return (int) number;
  }
}
