package ai.starcite.testkit.history;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import java.util.Optional;

/** What tells an event from all others of its session: its producer pair, or else its content. */
record Identity(Object key, long number) {

  static Identity of(NewEvent event) {
    return event
        .producerId()
        .map(id -> new Identity(id, event.producerSeq().getAsLong()))
        .orElseGet(() -> new Identity(event, 0));
  }

  /** Whether it is a producer pair. */
  boolean isPair() {
    return number > 0;
  }

  /** Whether two events have the same content as clause APP-4 has it. */
  static boolean sameContent(NewEvent a, NewEvent b) {
    return a.equals(b)
        || (a.type().equals(b.type())
            && a.actor().equals(b.actor())
            && a.source().equals(b.source())
            && a.idempotencyKey().equals(b.idempotencyKey())
            && sameValue(a.metadata(), b.metadata())
            && sameValue(a.refs(), b.refs())
            && a.payload().sameValue(b.payload()));
  }

  private static boolean sameValue(Optional<Json> a, Optional<Json> b) {
    return a.isPresent() == b.isPresent() && (a.isEmpty() || a.get().sameValue(b.get()));
  }
}
