package ai.starcite.internal.segment;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.internal.CoreAccess;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What makes two events the same content (clause APP-4). Equal if type, actor, source, idempotency
 * key and the seal are, and metadata, refs and payload as JSON values; the producer pair does not
 * count.
 *
 * @param event the event
 * @param seals whether it carries the seal of its append
 */
public record Content(NewEvent event, boolean seals) {
  @Override
  public boolean equals(@Nullable Object o) {
    CoreAccess trusted = CoreAccess.access();
    return o instanceof Content other
        && seals == other.seals
        && event.type().equals(other.event.type())
        && Objects.equals(trusted.actor(event), trusted.actor(other.event))
        && Objects.equals(trusted.source(event), trusted.source(other.event))
        && Objects.equals(trusted.idempotencyKey(event), trusted.idempotencyKey(other.event))
        && sameValue(trusted.metadata(event), trusted.metadata(other.event))
        && sameValue(trusted.refs(event), trusted.refs(other.event))
        && event.payload().sameValue(other.event.payload());
  }

  private static boolean sameValue(@Nullable Json a, @Nullable Json b) {
    return a == null || b == null ? a == b : a.sameValue(b);
  }

  @Override
  public int hashCode() {
    CoreAccess trusted = CoreAccess.access();
    return 31 * Objects.hash(event.type(), trusted.actor(event), seals)
        + trusted.valueHash(event.payload());
  }
}
