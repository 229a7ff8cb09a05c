package ai.starcite.store.s3.internal.protocol;

import java.util.concurrent.CompletionStage;

/**
 * Reclaims without compacting before. A store does so when it is paused between the two, which is
 * too rare to wait for.
 */
final class ReclaimingActor extends Actor {
  ReclaimingActor(Trial trial, Host host, String name, int turns) {
    super(trial, host, name, turns);
  }

  @Override
  void forget() {}

  @Override
  CompletionStage<?> turn() {
    return reclaim();
  }
}
