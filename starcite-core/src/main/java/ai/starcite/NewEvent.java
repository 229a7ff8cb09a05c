package ai.starcite;

import ai.starcite.internal.Limits;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event to be appended: immutable, and valid by construction (clauses EVT-1 and EVT-4) but for
 * the limit on its size, which is the log's.
 *
 * <pre>{@code
 * NewEvent.of(new ToolCall("c1", "search", Json.parse("{\"q\":\"tea\"}")))
 *     .withAgent("planner")
 *     .withRefs(Refs.to(3));
 * }</pre>
 *
 * <p>Strings are 1 to 256 bytes of UTF-8 without lone surrogates. Whatever breaks a rule fails with
 * {@code INVALID} and says which.
 */
public final class NewEvent extends EventFields {
  private final long size;

  NewEvent(
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
    this.size = measure();
  }

  /**
   * Makes an event of any type.
   *
   * @param type the type, 1 to 256 bytes of UTF-8
   * @param payload the payload, a JSON object
   * @return the event, with nothing else in it
   * @throws SessionLogException {@code INVALID} if an argument breaks a rule
   */
  public static NewEvent of(String type, Json payload) {
    return new NewEvent(
        EventRules.text("type", type),
        EventRules.object("payload", payload),
        null,
        null,
        null,
        null,
        null,
        null,
        0);
  }

  /**
   * Makes an event of a typed payload: one of the records of {@code ai.starcite.chat}, or a class
   * of your own.
   *
   * @param typed the payload, of a class that carries {@link EventType}
   * @return the event, with nothing else in it
   * @throws SessionLogException {@code INVALID} if the class carries no {@code EventType}, or the
   *     payload cannot be encoded as a JSON object
   */
  public static NewEvent of(Payload typed) {
    Objects.requireNonNull(typed, "typed");
    EventType type = typed.getClass().getAnnotation(EventType.class);
    if (type == null) {
      throw EventRules.invalid(
          typed.getClass().getName()
              + " names no event type: annotate it with @EventType, or use"
              + " NewEvent.of(type, Json.encode(value))");
    }
    return of(type.value(), Json.encode(typed));
  }

  /**
   * Reads the wire form: an object with the field names of the contract in snake_case. Null counts
   * as absent, {@code producer_seq} may be digits in a string, unknown names are passed over.
   *
   * @param wire what {@link #toJson} wrote
   * @return the event, its payload byte for byte as it stands there
   * @throws SessionLogException {@code INVALID} if it is not the wire form of a valid event
   */
  public static NewEvent fromJson(Json wire) {
    Objects.requireNonNull(wire, "wire");
    return EventWire.readNew(EventRules.anyObject("an event", wire).members());
  }

  /**
   * Sets who did it.
   *
   * @param actor the actor, {@code kind:name} by convention
   * @return a copy with that actor
   */
  public NewEvent withActor(String actor) {
    return new NewEvent(
        type,
        payload,
        EventRules.text("actor", actor),
        source,
        metadata,
        refs,
        idempotencyKey,
        producerId,
        producerSeq);
  }

  /**
   * Sets the agent that did it.
   *
   * @param name the agent's name, without {@code agent:}
   * @return a copy with the actor {@code agent:name}
   * @throws SessionLogException {@code INVALID} also if the name begins with {@code agent:}
   */
  public NewEvent withAgent(String name) {
    return withActor(EventRules.agent("name", name));
  }

  /**
   * Sets where it came from.
   *
   * @param source the source
   * @return a copy with that source
   */
  public NewEvent withSource(String source) {
    return new NewEvent(
        type,
        payload,
        actor,
        EventRules.text("source", source),
        metadata,
        refs,
        idempotencyKey,
        producerId,
        producerSeq);
  }

  /**
   * Sets what the application keeps beside the payload.
   *
   * @param metadata a JSON object
   * @return a copy with that metadata
   */
  public NewEvent withMetadata(Json metadata) {
    return new NewEvent(
        type,
        payload,
        actor,
        source,
        EventRules.object("metadata", metadata),
        refs,
        idempotencyKey,
        producerId,
        producerSeq);
  }

  /**
   * Sets what the event refers to.
   *
   * @param refs a JSON object; of its members, {@code to_seq} must be a whole number from 1 up,
   *     {@code step} one from 0 up, {@code request_id} and {@code sequence_id} strings, if they are
   *     there; others may be anything
   * @return a copy with these refs
   */
  public NewEvent withRefs(Json refs) {
    return new NewEvent(
        type,
        payload,
        actor,
        source,
        metadata,
        EventRules.refs(refs),
        idempotencyKey,
        producerId,
        producerSeq);
  }

  /**
   * Sets what the event refers to.
   *
   * @param refs the references
   * @return a copy with these refs
   */
  public NewEvent withRefs(Refs refs) {
    return withRefs(Json.encode(Objects.requireNonNull(refs, "refs")));
  }

  /**
   * Sets a key of the application's own, stored and never acted on.
   *
   * @param idempotencyKey the key
   * @return a copy with that key
   */
  public NewEvent withIdempotencyKey(String idempotencyKey) {
    return new NewEvent(
        type,
        payload,
        actor,
        source,
        metadata,
        refs,
        EventRules.text("idempotencyKey", idempotencyKey),
        producerId,
        producerSeq);
  }

  /**
   * Makes a retry of the append safe (clause APP-4).
   *
   * @param producerId who numbers the event, stable across restarts
   * @param producerSeq its number, 1 or more: the producer's last one plus one
   * @return a copy with that producer pair
   */
  public NewEvent withProducer(String producerId, long producerSeq) {
    return new NewEvent(
        type,
        payload,
        actor,
        source,
        metadata,
        refs,
        idempotencyKey,
        EventRules.text("producerId", producerId),
        Limits.requireAtLeastOne("producerSeq", producerSeq));
  }

  /**
   * Returns what the log's limit on events is compared with (clause EVT-4).
   *
   * @return the bytes of its strings in UTF-8 and of its JSON
   */
  public long size() {
    return size;
  }

  /**
   * Returns the wire form, which {@link #fromJson} reads.
   *
   * @return an object with the field names of the contract; the payload is embedded byte for byte
   */
  public Json toJson() {
    return EventWire.write(this);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof NewEvent other && sameFields(other);
  }

  @Override
  public int hashCode() {
    return hashFields();
  }

  @Override
  public String toString() {
    return describe(new StringBuilder("NewEvent[")).append(']').toString();
  }
}
