package ai.starcite.testkit.model;

import org.jspecify.annotations.Nullable;

/** A call came to something else than the contract says. */
public final class ContractBroken extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String clause;
  private final int operations;

  ContractBroken(String clause, int operations, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.clause = clause;
    this.operations = operations;
  }

  /**
   * Returns the same failure with more to say.
   *
   * @param more a line that is added to the message
   * @return a failure of the same clause
   */
  public ContractBroken with(String more) {
    return new ContractBroken(
        clause, operations, "%s%n%s".formatted(getMessage(), more), getCause());
  }

  /** The clause that does not hold. */
  String clause() {
    return clause;
  }

  /** How many operations it took to show that. */
  int operations() {
    return operations;
  }
}
