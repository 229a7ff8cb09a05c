package ai.starcite.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.threads.Waits;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.UpdateOutcome;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Waiting for writes that a store does not settle. */
class StoreCallsTest {
  private static final IOException CAUSE = new IOException("the line is bad");

  private final StoreCalls storeCalls =
      new StoreCalls(Waits.SYSTEM, TimeUnit.SECONDS.toNanos(5), new Random(1), () -> false);

  @AfterEach
  void clearFlag() {
    Thread.interrupted();
  }

  @Test
  @DisplayName("APP-9: a write that is sent again and again ends when its thread is interrupted")
  void write_interrupted() {
    AtomicInteger calls = new AtomicInteger();

    SessionLogException failure =
        catchThrowableOfType(
            SessionLogException.class,
            () ->
                storeCalls.write(
                    "update",
                    () -> {
                      if (calls.incrementAndGet() == 2) {
                        Thread.currentThread().interrupt();
                      }
                      return CompletableFuture.<UpdateOutcome>completedFuture(
                          new Indefinite(CAUSE));
                    }));

    assertThat(failure.code()).isEqualTo(Code.OUTCOME_UNKNOWN);
    assertThat(failure).hasMessageContaining("interrupted").hasRootCause(CAUSE);
    assertThat(calls).hasValue(2);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }
}
