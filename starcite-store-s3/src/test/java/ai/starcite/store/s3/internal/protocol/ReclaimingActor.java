package ai.starcite.store.s3.internal.protocol;

import java.util.concurrent.CompletionStage;

/**
 * Reclaims without having compacted before. A store does so where it sleeps between the two, which
 * is too seldom to be waited for.
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
