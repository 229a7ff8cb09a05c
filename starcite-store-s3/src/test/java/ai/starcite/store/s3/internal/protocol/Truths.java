package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.ListRequest;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.SessionRecord;
import ai.starcite.store.s3.internal.format.Keys;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The true state of several sessions in one object store. */
final class Truths implements SimulatedObjects.Witness {
  private static final Comparator<String> ORDER = Comparator.comparing(id -> Keys.of(id).lives());

  private final Map<String, Truth> truths = new TreeMap<>(ORDER);

  /** The true state of each session when a call began. */
  record Moment(Map<String, Truth.Moment> bySession) {}

  Truths(SimulatedObjects objects, List<String> sessions) {
    sessions.forEach(id -> truths.put(id, new Truth(objects, id)));
  }

  /** Returns the true state of a session. */
  Truth of(String id) {
    return truths.get(id);
  }

  private Truth ofKey(String key) {
    return truths.values().stream()
        .filter(truth -> truth.owns(key))
        .findFirst()
        .orElseThrow(() -> new Violation("a key of no session: " + key));
  }

  @Override
  public void stored(String key, byte[] bytes) {
    ofKey(key).stored(key, bytes);
  }

  @Override
  public void deleted(String key) {
    ofKey(key).deleted(key);
  }

  /** Returns the current state. */
  Moment moment() {
    return new Moment(
        truths.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().moment())));
  }

  /**
   * Checks a page: it shows what existed, in order, and omits nothing that existed all the time.
   */
  void checkListed(Moment before, ListRequest request, RecordPage page) {
    Optional<String> last = request.after();
    if (page.records().size() > request.limit()) {
      throw new Violation("a page of %d sessions is too long".formatted(page.records().size()));
    }
    for (SessionRecord each : page.records()) {
      String id = each.key().id();
      if (last.isPresent() && ORDER.compare(last.get(), id) >= 0) {
        throw new Violation("listed behind %s: %s".formatted(last.get(), id));
      }
      truths.get(id).checkRecord(before.bySession().get(id), each);
      last = Optional.of(id);
    }
    for (Map.Entry<String, Truth> each : truths.entrySet()) {
      String id = each.getKey();
      boolean isInPage =
          id.startsWith(request.prefix())
              && request.after().filter(after -> ORDER.compare(after, id) >= 0).isEmpty()
              && page.next().filter(next -> ORDER.compare(next, id) < 0).isEmpty();
      if (isInPage && page.records().stream().noneMatch(record -> record.key().id().equals(id))) {
        each.getValue().checkMissing(before.bySession().get(id), "a listing");
      }
    }
  }

  /** Checks that nothing unneeded is left, which takes some time. */
  void checkNothingLeft() {
    truths.values().forEach(Truth::checkNothingLeft);
  }
}
