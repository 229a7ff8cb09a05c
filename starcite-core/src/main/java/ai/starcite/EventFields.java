package ai.starcite;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The fields that an event has before it is stored and keeps after (clause EVT-1). */
abstract sealed class EventFields permits NewEvent, Event {
  final String type;
  final Json payload;
  final @Nullable String actor;
  final @Nullable String source;
  final @Nullable Json metadata;
  final @Nullable Json refs;
  final @Nullable String idempotencyKey;
  final @Nullable String producerId;

  /** 0 for none. */
  final long producerSeq;

  EventFields(
      String type,
      Json payload,
      @Nullable String actor,
      @Nullable String source,
      @Nullable Json metadata,
      @Nullable Json refs,
      @Nullable String idempotencyKey,
      @Nullable String producerId,
      long producerSeq) {
    this.type = type;
    this.payload = payload;
    this.actor = actor;
    this.source = source;
    this.metadata = metadata;
    this.refs = refs;
    this.idempotencyKey = idempotencyKey;
    this.producerId = producerId;
    this.producerSeq = producerSeq;
  }

  /**
   * Returns what kind of event this is, such as {@code message} or {@code tool_call}.
   *
   * @return the type, 1 to 256 bytes of UTF-8
   */
  public final String type() {
    return type;
  }

  /**
   * Returns what the event says.
   *
   * @return the payload, a JSON object, byte for byte as it was given
   */
  public final Json payload() {
    return payload;
  }

  /**
   * Returns who did it: {@code kind:name} by convention, such as {@code agent:drafter}.
   *
   * @return the actor, or empty
   */
  public final Optional<String> actor() {
    return Optional.ofNullable(actor);
  }

  /**
   * Returns where it came from.
   *
   * @return the source, or empty
   */
  public final Optional<String> source() {
    return Optional.ofNullable(source);
  }

  /**
   * Returns what the application keeps beside the payload.
   *
   * @return the metadata, a JSON object, or empty
   */
  public final Optional<Json> metadata() {
    return Optional.ofNullable(metadata);
  }

  /**
   * Returns what the event refers to: {@code to_seq}, {@code request_id}, {@code sequence_id},
   * {@code step} and others. {@link Refs} reads the four.
   *
   * @return the refs, a JSON object, or empty
   */
  public final Optional<Json> refs() {
    return Optional.ofNullable(refs);
  }

  /**
   * Returns a key of the application's own, stored and never acted on.
   *
   * @return the key, or empty
   */
  public final Optional<String> idempotencyKey() {
    return Optional.ofNullable(idempotencyKey);
  }

  /**
   * Returns the producer that makes a retry of the append safe (clause APP-4).
   *
   * @return the producer's id, or empty
   */
  public final Optional<String> producerId() {
    return Optional.ofNullable(producerId);
  }

  /**
   * Returns the number that the producer gave the event (clause APP-4).
   *
   * @return the number, 1 or more, or empty
   */
  public final OptionalLong producerSeq() {
    return producerSeq == 0 ? OptionalLong.empty() : OptionalLong.of(producerSeq);
  }

  final long measure() {
    return (long) Utf8.length(type)
        + payload.size()
        + sizeOf(actor)
        + sizeOf(source)
        + sizeOf(metadata)
        + sizeOf(refs)
        + sizeOf(idempotencyKey)
        + sizeOf(producerId);
  }

  private static long sizeOf(@Nullable String text) {
    return text == null ? 0 : Utf8.length(text);
  }

  private static long sizeOf(@Nullable Json json) {
    return json == null ? 0 : json.size();
  }

  final boolean sameFields(EventFields other) {
    return producerSeq == other.producerSeq
        && type.equals(other.type)
        && Objects.equals(actor, other.actor)
        && Objects.equals(source, other.source)
        && Objects.equals(idempotencyKey, other.idempotencyKey)
        && Objects.equals(producerId, other.producerId)
        && payload.equals(other.payload)
        && Objects.equals(metadata, other.metadata)
        && Objects.equals(refs, other.refs);
  }

  final int hashFields() {
    return Objects.hash(
        type, payload, actor, source, metadata, refs, idempotencyKey, producerId, producerSeq);
  }

  /** For people: the fields that are there, the payload shortened. */
  final StringBuilder describe(StringBuilder text) {
    text.append("type=").append(type);
    append(text, "actor", actor);
    append(text, "source", source);
    append(text, "idempotencyKey", idempotencyKey);
    append(text, "producerId", producerId);
    append(text, "producerSeq", producerSeq == 0 ? null : producerSeq);
    append(text, "refs", refs == null ? null : JsonText.preview(refs));
    append(text, "metadata", metadata == null ? null : JsonText.preview(metadata));
    append(text, "payload", JsonText.preview(payload));
    return text;
  }

  private static void append(StringBuilder text, String name, @Nullable Object value) {
    if (value != null) {
      text.append(", ").append(name).append('=').append(value);
    }
  }
}
