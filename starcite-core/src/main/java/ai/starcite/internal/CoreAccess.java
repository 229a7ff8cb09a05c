package ai.starcite.internal;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Producer;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.SessionPage;
import ai.starcite.internal.threads.Waits;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one hole through which core's own codec makes and takes apart values without checking or
 * copying them again. Not for use outside core.
 *
 * <p>{@code ai.starcite} registers the implementation when {@link Json} is initialised, which
 * {@link #access()} brings about if need be. This class needs no other one to be initialised, so
 * that no order of first uses can deadlock.
 */
public abstract class CoreAccess {
  private static volatile @Nullable CoreAccess registered;

  /** For the implementation in {@code ai.starcite}. */
  protected CoreAccess() {}

  /**
   * The implementation.
   *
   * @return always the same one
   */
  public static CoreAccess access() {
    return Holder.TRUSTED;
  }

  /**
   * Makes the implementation known; works once.
   *
   * @param trusted the implementation
   */
  protected static void register(CoreAccess trusted) {
    if (registered != null) {
      throw new IllegalStateException("core has registered its implementation already");
    }
    registered = trusted;
  }

  /**
   * A JSON value of bytes that are known to be valid.
   *
   * @param validBytes valid JSON, which the value keeps and nobody may modify from now on
   * @return the value
   */
  public abstract Json json(byte[] validBytes);

  /**
   * The bytes of a JSON value themselves.
   *
   * @param json the value
   * @return its bytes, which must not be modified
   */
  public abstract byte[] bytes(Json json);

  /**
   * Whether a JSON value is nested deeper than what is stored may be.
   *
   * @param json the value
   * @return true if it is
   */
  public abstract boolean isTooDeep(Json json);

  /**
   * A hash of what a JSON value means.
   *
   * @param json the value
   * @return the same for all that {@link Json#sameValue} says of
   */
  public abstract int valueHash(Json json);

  /**
   * A stored event of parts that are known to be valid.
   *
   * @param seq its seq
   * @param insertedAtMicros when it was stored, in microseconds since the epoch
   * @param type its type
   * @param payload its payload, an object
   * @param actor its actor, or null
   * @param source its source, or null
   * @param metadata its metadata, an object, or null
   * @param refs its refs, an object, or null
   * @param idempotencyKey its idempotency key, or null
   * @param producerId its producer, or null
   * @param producerSeq its producer's number, 0 for none
   * @return the event
   */
  public abstract Event event(
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
      long producerSeq);

  /**
   * A session of parts that are known to be valid.
   *
   * @param id its id
   * @param title its title, or null
   * @param metadata its metadata
   * @param createdAt when it was created
   * @param updatedAt when it was changed last
   * @param version its version
   * @param archived whether it is archived
   * @param sealed whether it is sealed
   * @param incarnation its incarnation
   * @param lastSeq the seq of its last event
   * @return the session
   */
  public abstract Session session(
      String id,
      @Nullable String title,
      Json metadata,
      Instant createdAt,
      Instant updatedAt,
      long version,
      boolean archived,
      boolean sealed,
      String incarnation,
      long lastSeq);

  /** A row of a listing, as {@link #session}. */
  public abstract SessionPage.Row row(
      String id,
      @Nullable String title,
      Json metadata,
      Instant createdAt,
      Instant updatedAt,
      long version,
      boolean archived,
      boolean sealed,
      String incarnation);

  /**
   * A producer of a log.
   *
   * @param log the log
   * @param own the same log, as only this producer sees it
   * @param sessionId to which session it appends
   * @param producerId its id
   * @param timeout how long its appends try unless they say otherwise: the log's own time-out
   * @return the producer
   */
  public abstract Producer producer(
      SessionLog log, ProducerLog own, String sessionId, String producerId, Duration timeout);

  /**
   * The actor.
   *
   * @param event an event
   * @return its actor, or null
   */
  public abstract @Nullable String actor(NewEvent event);

  /**
   * The source.
   *
   * @param event an event
   * @return its source, or null
   */
  public abstract @Nullable String source(NewEvent event);

  /**
   * The metadata.
   *
   * @param event an event
   * @return its metadata, or null
   */
  public abstract @Nullable Json metadata(NewEvent event);

  /**
   * The refs.
   *
   * @param event an event
   * @return its refs, or null
   */
  public abstract @Nullable Json refs(NewEvent event);

  /**
   * The idempotency key.
   *
   * @param event an event
   * @return its idempotency key, or null
   */
  public abstract @Nullable String idempotencyKey(NewEvent event);

  /**
   * The producer.
   *
   * @param event an event
   * @return its producer id, or null
   */
  public abstract @Nullable String producerId(NewEvent event);

  /**
   * The producer's number.
   *
   * @param event an event
   * @return its producer seq, or 0 for none
   */
  public abstract long producerSeq(NewEvent event);

  private static final class Holder {
    static final CoreAccess TRUSTED = load();

    private static CoreAccess load() {
      try {
        MethodHandles.lookup().ensureInitialized(Json.class);
      } catch (IllegalAccessException e) {
        throw new AssertionError("Json is public", e);
      }
      CoreAccess trusted = registered;
      if (trusted == null) {
        throw new AssertionError("Json registers the implementation");
      }
      return trusted;
    }
  }

  /** Opens a log that waits in another way than threads do. */
  public abstract SessionLog open(SessionLogBuilder settings, Waits waits);
}
