package ai.starcite;

import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.ProducerLog;
import ai.starcite.internal.threads.Waits;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What {@link CoreAccess} promises to the rest of core. */
final class CoreValues extends CoreAccess {
  private CoreValues() {}

  static void register() {
    register(new CoreValues());
  }

  @Override
  public Json json(byte[] validBytes) {
    return new Json(validBytes);
  }

  @Override
  public byte[] bytes(Json json) {
    return json.unsafeBytes();
  }

  @Override
  public int valueHash(Json json) {
    return JsonValues.hash(json);
  }

  @Override
  public boolean isTooDeep(Json json) {
    return json.isTooDeep();
  }

  @Override
  public Event event(
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
    return new Event(
        seq,
        insertedAtMicros,
        type,
        payload,
        actor,
        source,
        metadata,
        refs,
        idempotencyKey,
        producerId,
        producerSeq);
  }

  @Override
  public Session session(
      String id,
      @Nullable String title,
      Json metadata,
      Instant createdAt,
      Instant updatedAt,
      long version,
      boolean archived,
      boolean sealed,
      String incarnation,
      long lastSeq) {
    return new Session(
        id, title, metadata, createdAt, updatedAt, version, archived, sealed, incarnation, lastSeq);
  }

  @Override
  public SessionPage.Row row(
      String id,
      @Nullable String title,
      Json metadata,
      Instant createdAt,
      Instant updatedAt,
      long version,
      boolean archived,
      boolean sealed,
      String incarnation) {
    return new SessionPage.Row(
        id, title, metadata, createdAt, updatedAt, version, archived, sealed, incarnation);
  }

  @Override
  public Producer producer(
      SessionLog log, ProducerLog own, String sessionId, String producerId, Duration timeout) {
    return new Producer(log, own, sessionId, producerId, timeout);
  }

  @Override
  public @Nullable String actor(NewEvent event) {
    return event.actor;
  }

  @Override
  public @Nullable String source(NewEvent event) {
    return event.source;
  }

  @Override
  public @Nullable Json metadata(NewEvent event) {
    return event.metadata;
  }

  @Override
  public @Nullable Json refs(NewEvent event) {
    return event.refs;
  }

  @Override
  public @Nullable String idempotencyKey(NewEvent event) {
    return event.idempotencyKey;
  }

  @Override
  public @Nullable String producerId(NewEvent event) {
    return event.producerId;
  }

  @Override
  public long producerSeq(NewEvent event) {
    return event.producerSeq;
  }

  @Override
  public SessionLog open(SessionLogBuilder settings, Waits waits) {
    return settings.open(waits);
  }
}
