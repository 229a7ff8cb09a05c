package ai.starcite.store.s3;

import java.util.List;

/** What is true of several sessions in one object store. */
final class Truths implements SimulatedObjects.Witness {
  private final List<Truth> truths;

  Truths(SimulatedObjects objects, List<String> sessions) {
    truths = sessions.stream().map(id -> new Truth(objects, id)).toList();
  }

  private Truth of(String key) {
    return truths.stream()
        .filter(truth -> truth.owns(key))
        .findFirst()
        .orElseThrow(() -> new Violation("a key of no session: " + key));
  }

  @Override
  public void stored(String key, byte[] bytes) {
    of(key).stored(key, bytes);
  }

  @Override
  public void deleted(String key) {
    of(key).deleted(key);
  }
}
