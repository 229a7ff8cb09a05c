package ai.starcite.testkit;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** What a call came to. */
sealed interface Outcome {

  /** It returned. */
  record Returned(Object value) implements Outcome {
    @Override
    public String toString() {
      return value.toString();
    }
  }

  /** It failed with these numbers. */
  record Failed(
      Code code,
      OptionalLong currentSeq,
      OptionalLong expectedProducerSeq,
      OptionalLong currentVersion)
      implements Outcome {

    @Override
    public String toString() {
      return code
          + told(" current seq ", currentSeq)
          + told(" expected producer seq ", expectedProducerSeq)
          + told(" current version ", currentVersion);
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

  static Outcome of(Supplier<?> call) {
    try {
      return new Returned(call.get());
    } catch (SessionLogException e) {
      return new Failed(e.code(), e.currentSeq(), e.expectedProducerSeq(), e.currentVersion());
    } catch (RuntimeException | AssertionError e) {
      return new Threw(e);
    }
  }
}
