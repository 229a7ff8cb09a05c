package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.testkit.contract.StoreData;
import java.util.concurrent.CompletionStage;

/** Creates the session, whether or not it exists. */
final class CreatingActor extends Actor {
  private static final int PATIENCE = 6;

  CreatingActor(Trial trial, Host host, String name, int turns) {
    super(trial, host, name, turns);
  }

  @Override
  void forget() {}

  @Override
  CompletionStage<?> turn() {
    SessionKey key = StoreData.key(id, random.nextInt());
    return create(tokened(StoreData.record(key)), false, PATIENCE);
  }

  private CompletionStage<Boolean> create(SessionRecord record, boolean sent, int patience) {
    Truth.Moment before = truth.moment();
    return call(store -> store.create(record))
        .exceptionally(failure -> new Indefinite(cause(failure)))
        .thenCompose(
            outcome -> {
              trial.note(name, "create", outcome.getClass().getSimpleName());
              if (outcome instanceof CreateOutcome.Created) {
                truth.checkCreated(record);
              } else if (outcome instanceof CreateOutcome.Exists exists) {
                if (exists.existing().key().equals(record.key())) {
                  truth.checkCreated(record);
                } else {
                  truth.checkExists(before, exists.existing());
                  refused(record, sent);
                }
              } else if (outcome instanceof Rejected rejected) {
                trial.checkCause(rejected.cause());
                refused(record, sent);
              } else if (outcome instanceof Indefinite indefinite) {
                trial.checkCause(indefinite.cause());
                if (patience > 0) {
                  return create(record, true, patience - 1);
                }
              }
              return now(true);
            });
  }

  private void refused(SessionRecord record, boolean sent) {
    if (!sent) {
      truth.neverCreated(record);
    }
  }
}
