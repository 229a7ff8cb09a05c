package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionKey;
import java.util.concurrent.CompletionStage;

/** Deletes the session, whatever its state. */
final class DeletingActor extends Actor {
  private static final int PATIENCE = 6;

  DeletingActor(Trial trial, Host host, String name, int turns) {
    super(trial, host, name, turns);
  }

  @Override
  void forget() {}

  @Override
  CompletionStage<?> turn() {
    if (random.nextInt(3) > 0) {
      return now(true);
    }
    return load()
        .thenCompose(
            loaded -> {
              if (loaded.isEmpty()) {
                return now(false);
              }
              SessionKey key = loaded.get().record().key();
              truth.life(key).askDeletion();
              return delete(key, PATIENCE);
            });
  }

  private CompletionStage<Boolean> delete(SessionKey key, int patience) {
    return call(store -> store.delete(key))
        .exceptionally(failure -> new Indefinite(cause(failure)))
        .thenCompose(
            outcome -> {
              trial.note(name, "delete", outcome.getClass().getSimpleName());
              if (outcome instanceof DeleteOutcome.Deleted
                  || outcome instanceof DeleteOutcome.Gone) {
                truth.deleted(truth.life(key));
              } else if (outcome instanceof Rejected rejected) {
                trial.checkCause(rejected.cause());
              } else if (outcome instanceof Indefinite indefinite) {
                trial.checkCause(indefinite.cause());
                if (patience > 0) {
                  return delete(key, patience - 1);
                }
              }
              return now(true);
            });
  }
}
