package ai.starcite.internal.store;

import ai.starcite.internal.store.StoreCalls.Reading;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.UpdateOutcome;
import org.jspecify.annotations.Nullable;

/** Which outcomes of a store's writes are definite. */
public final class OutcomeReadings {
  public static final Reading<CreateOutcome> CREATE =
      new Reading<>() {
        @Override
        public @Nullable Throwable indefinite(CreateOutcome answer) {
          return answer instanceof CreateOutcome.Indefinite unknown ? unknown.cause() : null;
        }

        @Override
        public @Nullable Throwable rejected(CreateOutcome answer) {
          return answer instanceof CreateOutcome.Rejected no ? no.cause() : null;
        }
      };

  public static final Reading<UpdateOutcome> UPDATE =
      new Reading<>() {
        @Override
        public @Nullable Throwable indefinite(UpdateOutcome answer) {
          return answer instanceof UpdateOutcome.Indefinite unknown ? unknown.cause() : null;
        }

        @Override
        public @Nullable Throwable rejected(UpdateOutcome answer) {
          return answer instanceof UpdateOutcome.Rejected no ? no.cause() : null;
        }
      };

  public static final Reading<DeleteOutcome> DELETE =
      new Reading<>() {
        @Override
        public @Nullable Throwable indefinite(DeleteOutcome answer) {
          return answer instanceof DeleteOutcome.Indefinite unknown ? unknown.cause() : null;
        }

        @Override
        public @Nullable Throwable rejected(DeleteOutcome answer) {
          return answer instanceof DeleteOutcome.Rejected no ? no.cause() : null;
        }
      };

  private OutcomeReadings() {}
}
