package ai.starcite;

import ai.starcite.internal.Limits;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stored event (clause EVT-1): what was appended, its place in the session and its time.
 * Immutable; the payload is byte for byte what was appended (clause EVT-2).
 */
public final class Event extends EventFields {
  private final long seq;
  private final long insertedAtMicros;

  Event(
      long seq,
      long insertedAtMicros,
      String type,
      Json payload,
      @Nullable String actor,
      @Nullable String source,
      @Nullable Json metadata,
      @Nullable Json refs,
      @Nullable String idempotencyKey,
      @Nullable String producerId,
      long producerSeq) {
    super(type, payload, actor, source, metadata, refs, idempotencyKey, producerId, producerSeq);
    this.seq = seq;
    this.insertedAtMicros = insertedAtMicros;
  }

  /**
   * Makes an event as it would be read from a session.
   *
   * @param seq its place, 1 or more
   * @param insertedAt its time, of which full microseconds count
   * @param event what was appended
   * @return the event
   * @throws SessionLogException {@code INVALID} if {@code seq} is below 1, or the time further than
   *     a {@code long} of microseconds reaches
   */
  public static Event of(long seq, Instant insertedAt, NewEvent event) {
    Objects.requireNonNull(insertedAt, "insertedAt");
    Objects.requireNonNull(event, "event");
    return new Event(
        Limits.requireAtLeastOne("seq", seq),
        micros(insertedAt),
        event.type,
        event.payload,
        event.actor,
        event.source,
        event.metadata,
        event.refs,
        event.idempotencyKey,
        event.producerId,
        event.producerSeq);
  }

  private static long micros(Instant time) {
    try {
      long micros = Math.multiplyExact(time.getEpochSecond(), 1_000_000L);
      return Math.addExact(micros, time.getNano() / 1000);
    } catch (ArithmeticException e) {
      throw EventRules.invalid("insertedAt is out of range: " + time);
    }
  }

  /**
   * Reads the wire form: an object with the field names of the contract in snake_case. Null counts
   * as absent, {@code seq} and {@code producer_seq} may be digits in a string, unknown names are
   * passed over.
   *
   * @param wire what {@link #toJson} wrote
   * @return the event, its payload byte for byte as it stands there
   * @throws SessionLogException {@code INVALID} if it is not the wire form of a stored event
   */
  public static Event fromJson(Json wire) {
    Objects.requireNonNull(wire, "wire");
    return EventWire.read(EventRules.anyObject("an event", wire).members());
  }

  /**
   * Returns its place in the session: 1, 2, 3 and so on without holes.
   *
   * @return the seq
   */
  public long seq() {
    return seq;
  }

  /**
   * Returns when it was stored, in microseconds. Within a session that never decreases.
   *
   * @return the time
   */
  public Instant insertedAt() {
    return Instant.EPOCH.plus(insertedAtMicros, ChronoUnit.MICROS);
  }

  /**
   * Returns when it was stored, as a number.
   *
   * @return microseconds since the epoch
   */
  public long insertedAtMicros() {
    return insertedAtMicros;
  }

  /**
   * Reads the payload as a Java type (clause EVT-3): one of the records of {@code
   * ai.starcite.chat}, or a class of your own, as {@link Json#as} reads it. A class that carries
   * {@link EventType} is for events of that type only.
   *
   * @param type the type
   * @param <T> the type
   * @return the payload as a value, never null
   * @throws SessionLogException {@code INVALID} if the event is of another type, or its payload
   *     does not have that shape
   */
  public <T> T as(Class<T> type) {
    Objects.requireNonNull(type, "type");
    EventType wanted = type.getAnnotation(EventType.class);
    if (wanted != null && !wanted.value().equals(this.type)) {
      throw EventRules.invalid(
          "event %d is of type %s, %s is for %s"
              .formatted(seq, this.type, type.getName(), wanted.value()));
    }
    return JsonMapper.read(payload, type, "the payload of event " + seq + " (" + this.type + ")");
  }

  /**
   * Returns what would have to be appended to get this event.
   *
   * @return the same fields without seq and time
   */
  public NewEvent toNewEvent() {
    return new NewEvent(
        type, payload, actor, source, metadata, refs, idempotencyKey, producerId, producerSeq);
  }

  /**
   * Returns the wire form, which {@link #fromJson} reads. A Jackson mapper of the application's own
   * (2 or 3) writes an event as this.
   *
   * @return an object with the field names of the contract; the payload is embedded byte for byte
   */
  @JsonValue
  public Json toJson() {
    return EventWire.write(this);
  }

  /**
   * Returns what the log's limit on events was compared with (clause EVT-4).
   *
   * @return the bytes of its strings in UTF-8 and of its JSON
   */
  public long size() {
    return measure();
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Event other
        && seq == other.seq
        && insertedAtMicros == other.insertedAtMicros
        && sameFields(other);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(seq) + hashFields();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Event[seq=").append(seq);
    text.append(", insertedAt=").append(insertedAt()).append(", ");
    return describe(text).append(']').toString();
  }
}
