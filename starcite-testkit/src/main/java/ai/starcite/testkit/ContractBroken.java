package ai.starcite.testkit;

import org.jspecify.annotations.Nullable;

/** A call came to something else than the contract says. */
final class ContractBroken extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String clause;
  private final int operations;

  ContractBroken(String clause, int operations, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.clause = clause;
    this.operations = operations;
  }

  /** The same with more to say. */
  ContractBroken with(String more) {
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
