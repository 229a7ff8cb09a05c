package ai.starcite.internal.segment;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which events a tail lets through; an empty set lets all through (clause TAIL-5). */
public record EventFilter(Set<String> actors, Set<String> types, Set<String> producers) {

  /** Whether there is nothing to check. */
  public boolean isOpen() {
    return actors.isEmpty() && types.isEmpty() && producers.isEmpty();
  }

  boolean matches(String type, @Nullable String actor, @Nullable String producer) {
    return (types.isEmpty() || types.contains(type))
        && (actors.isEmpty() || (actor != null && actors.contains(actor)))
        && (producers.isEmpty() || (producer != null && producers.contains(producer)));
  }
}
