package ai.starcite.store.s3.internal.protocol;

/** The protocol broke a promise. */
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1;

  Violation(String what) {
    super(what);
  }
}
