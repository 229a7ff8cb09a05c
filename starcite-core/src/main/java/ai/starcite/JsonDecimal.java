package ai.starcite;

/**
 * A JSON number as canonical text, such that equal numbers are equal records: its significant
 * digits without zeros at either end, to be read as a whole number, times ten to the exponent. It
 * takes time and room in proportion to the text, whatever the size of the number.
 *
 * @param negative whether it is below zero
 * @param digits the significant digits; empty for zero
 * @param exponent a whole number of any length, without leading zeros
 */
record JsonDecimal(boolean negative, String digits, String exponent) {
  private static final JsonDecimal ZERO = new JsonDecimal(false, "", "0");

  /** Digits that are sure to fit a long together with the length of a text. */
  private static final int LONG_DIGITS = 18;

  static JsonDecimal of(String number) {
    boolean negative = number.charAt(0) == '-';
    int e = Math.max(number.indexOf('e'), number.indexOf('E'));
    String mantissa = number.substring(negative ? 1 : 0, e < 0 ? number.length() : e);
    int point = mantissa.indexOf('.');
    String digits =
        point < 0 ? mantissa : mantissa.substring(0, point) + mantissa.substring(point + 1);
    int end = digits.length();
    while (end > 0 && digits.charAt(end - 1) == '0') {
      end--;
    }
    if (end == 0) {
      return ZERO;
    }
    long shift = digits.length() - end - (point < 0 ? 0 : mantissa.length() - point - 1);
    return new JsonDecimal(
        negative,
        withoutLeadingZeros(digits.substring(0, end)),
        exponent(e < 0 ? "0" : number.substring(e + 1), shift));
  }

  /** The exponent as written, plus the shift. */
  private static String exponent(String written, long shift) {
    boolean negative = written.charAt(0) == '-';
    boolean signed = negative || written.charAt(0) == '+';
    String magnitude = withoutLeadingZeros(signed ? written.substring(1) : written);
    if (magnitude.length() <= LONG_DIGITS) {
      long exponent = magnitude.isEmpty() ? 0 : Long.parseLong(magnitude);
      return Long.toString((negative ? -exponent : exponent) + shift);
    }
    // So long a number outweighs any shift: the sign stays.
    return (negative ? "-" : "") + add(magnitude, negative ? -shift : shift);
  }

  /** Adds by hand, digit by digit, since a BigInteger takes quadratic time to read its text. */
  private static String add(String magnitude, long summand) {
    char[] digits = magnitude.toCharArray();
    long carry = summand;
    for (int i = digits.length - 1; i >= 0 && carry != 0; i--) {
      long digit = digits[i] - '0' + carry;
      digits[i] = (char) ('0' + Math.floorMod(digit, 10L));
      carry = Math.floorDiv(digit, 10L);
    }
    String sum = new String(digits);
    return withoutLeadingZeros(carry == 0 ? sum : carry + sum);
  }

  private static String withoutLeadingZeros(String digits) {
    int start = 0;
    while (start < digits.length() && digits.charAt(start) == '0') {
      start++;
    }
    return digits.substring(start);
  }
}
