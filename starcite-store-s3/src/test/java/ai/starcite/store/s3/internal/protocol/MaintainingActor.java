package ai.starcite.store.s3.internal.protocol;

import java.util.concurrent.CompletionStage;

/** Compacts and reclaims. */
final class MaintainingActor extends Actor {

  MaintainingActor(Trial trial, Host host, String name, int turns) {
    super(trial, host, name, turns);
  }

  @Override
  void forget() {}

  @Override
  CompletionStage<?> turn() {
    return call(store -> store.maintain());
  }
}
