package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.testkit.contract.StoreData;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Changes titles as a session log does. It does not always read the record first. */
final class UpdatingActor extends Actor {
  private static final int PATIENCE = 6;

  private @Nullable SessionRecord known;

  UpdatingActor(Trial trial, Host host, String name, int turns) {
    super(trial, host, name, turns);
  }

  @Override
  void forget() {
    known = null;
  }

  @Override
  CompletionStage<?> turn() {
    if (known != null && random.nextBoolean()) {
      return update(known);
    }
    return load()
        .thenCompose(loaded -> loaded.isEmpty() ? now(false) : update(loaded.get().record()));
  }

  private CompletionStage<Boolean> update(SessionRecord from) {
    TrueLife life = truth.life(from.key());
    SessionRecord record = tokened(StoreData.retitled(from, name));
    return send(life, from.version(), record, false, PATIENCE);
  }

  private CompletionStage<Boolean> send(
      TrueLife life, long expected, SessionRecord record, boolean sent, int patience) {
    int before = life.generation();
    return call(store -> store.update(record, expected))
        .exceptionally(failure -> new Indefinite(cause(failure)))
        .thenCompose(
            outcome -> {
              trial.note(name, "update", outcome.getClass().getSimpleName());
              known = null;
              if (outcome instanceof UpdateOutcome.Updated) {
                life.checkUpdated(record);
                known = record;
              } else if (outcome instanceof UpdateOutcome.Conflict conflict) {
                conflicts(life, before, conflict.current(), expected, record, sent);
              } else if (outcome instanceof UpdateOutcome.Gone) {
                life.checkGone("an update");
                refused(life, record, sent);
              } else if (outcome instanceof Rejected rejected) {
                trial.checkCause(rejected.cause());
                refused(life, record, sent);
              } else if (outcome instanceof Indefinite indefinite) {
                trial.checkCause(indefinite.cause());
                if (patience > 0) {
                  return send(life, expected, record, true, patience - 1);
                }
              }
              return now(true);
            });
  }

  private void conflicts(
      TrueLife life,
      int before,
      SessionRecord current,
      long expected,
      SessionRecord record,
      boolean sent) {
    known = current;
    life.checkInTheWay(before, current, expected);
    if (current.token().equals(record.token())) {
      life.checkUpdated(record);
    } else {
      refused(life, record, sent);
    }
  }

  private static void refused(TrueLife life, SessionRecord record, boolean sent) {
    if (!sent) {
      life.neverStored(record.token(), "was refused as an update");
    }
  }
}
