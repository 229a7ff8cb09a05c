package ai.starcite.testkit.contract;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.testkit.contract.ScriptedStore.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** ScriptedFaults of a store, by what it does and what it says. */
final class ScriptedFaults {
  static final IOException CAUSE = new IOException("the line is bad");
  static final AppendOutcome REJECTED = new Rejected(CAUSE);
  static final AppendOutcome INDEFINITE = new Indefinite(CAUSE);

  private ScriptedFaults() {}

  /** Does not write, and gives an answer. */
  static Fault answering(AppendOutcome outcome) {
    return append -> CompletableFuture.completedFuture(outcome);
  }

  /** Writes, and gives an answer that may be false. */
  static Fault writingAndAnswering(AppendOutcome outcome) {
    return append -> append.get().thenApply(written -> outcome);
  }

  /** Throws from the method itself. */
  static Fault throwing() {
    return append -> {
      throw new IllegalStateException("the pool is empty");
    };
  }

  /** Fails the stage, as a store whose commit threw. */
  static Fault failing() {
    return append -> CompletableFuture.failedFuture(CAUSE);
  }

  /** Writes, and then fails the stage. */
  static Fault writingAndFailing() {
    return append -> append.get().thenCompose(written -> CompletableFuture.failedFuture(CAUSE));
  }

  /** Returns nothing at all. */
  static Fault returningNull() {
    return append -> null;
  }

  /** Flips a bit in the middle of the segment that holds a seq. */
  static UnaryOperator<List<Segment>> corrupting(long seq) {
    return segments -> {
      List<Segment> read = new ArrayList<>(segments);
      read.replaceAll(each -> each.firstSeq() <= seq && seq < each.nextSeq() ? flip(each) : each);
      return read;
    };
  }

  private static Segment flip(Segment segment) {
    byte[] bytes = segment.bytes().clone();
    bytes[bytes.length - 8] ^= 4;
    return Segment.of(bytes);
  }
}
