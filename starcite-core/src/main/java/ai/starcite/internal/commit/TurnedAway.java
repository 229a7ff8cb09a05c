package ai.starcite.internal.commit;

import ai.starcite.internal.append.AppendCall;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By producer, the lowest number that was turned away for want of room and is still missing. Its
 * caller may have sent more behind it already: those do not slip past it, nor become their
 * producer's first, until it comes again. Guarded by the lock of the session.
 */
final class TurnedAway {
  private final int mostProducers;
  private final Map<String, Long> numbers = new HashMap<>();

  TurnedAway(int mostProducers) {
    this.mostProducers = mostProducers;
  }

  /** Notes that a call found no room. */
  void note(AppendCall call) {
    for (int i = 0; i < call.events().size(); i++) {
      String producerId = call.producer(i);
      if (producerId != null && numbers.size() < mostProducers) {
        numbers.merge(producerId, call.number(i), Math::min);
      }
    }
  }

  /** The number of a producer that is missing, or null. */
  @Nullable Long missing(String producerId) {
    return numbers.get(producerId);
  }

  /** Forgets what a producer is missing, since it has come. */
  void forget(String producerId) {
    numbers.remove(producerId);
  }

  void clear() {
    numbers.clear();
  }
}
