package ai.starcite.testkit.model;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a call came to. */
sealed interface Outcome {

  /** It returned. */
  record Returned(Object value) implements Outcome {
    @Override
    public String toString() {
      return value.toString();
    }
  }

  /** It failed as a log may. Failures are equal if they tell a program the same. */
  record Failed(SessionLogException what) implements Outcome {
    Code code() {
      return what.code();
    }

    private List<Object> told() {
      return List.of(
          what.code(), what.currentSeq(), what.expectedProducerSeq(), what.currentVersion());
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Failed other && told().equals(other.told());
    }

    @Override
    public int hashCode() {
      return told().hashCode();
    }

    @Override
    public String toString() {
      return what.code()
          + told(" current seq ", what.currentSeq())
          + told(" expected producer seq ", what.expectedProducerSeq())
          + told(" current version ", what.currentVersion());
    }

    private static String told(String name, OptionalLong value) {
      return value.isPresent() ? name + value.getAsLong() : "";
    }
  }

  /** It threw what no log may throw. */
  record Threw(Throwable what) implements Outcome {
    @Override
    public String toString() {
      return what.toString();
    }
  }

  /** What it threw, or null. */
  default @Nullable Throwable thrown() {
    return this instanceof Failed failed
        ? failed.what()
        : this instanceof Threw threw ? threw.what() : null;
  }

  static Outcome of(Supplier<?> call) {
    try {
      return new Returned(call.get());
    } catch (SessionLogException e) {
      return new Failed(e);
    } catch (RuntimeException | AssertionError e) {
      return new Threw(e);
    }
  }
}
