package ai.starcite.store.s3.internal.client;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the store needs of an object store. All keys are relative to the client's prefix.
 *
 * <p>Each call is one attempt, as far as the client can control that; the caller retries. A stage
 * that fails does so with an {@link ObjectException}, which says whether the request may have had
 * an effect. Every stage completes eventually. Thread-safe.
 */
public interface ObjectClient extends AutoCloseable {

  /**
   * Stores an object if its key is free. The protocol decides every race by this operation.
   *
   * @param key where to store it
   * @param bytes what to store; must not be modified afterwards
   * @return whether it was stored
   */
  CompletionStage<Put> putIfAbsent(String key, byte[] bytes);

  /**
   * Reads an object.
   *
   * @param key where it is
   * @return the object, or that there is none
   */
  CompletionStage<Got> get(String key);

  /**
   * Lists keys that begin with a prefix, in the order of their UTF-8 bytes.
   *
   * @param prefix what they begin with
   * @param after the key to start after; may be empty
   * @param limit the most keys to return, 1 to 1,000; a page may be shorter though more keys
   *     follow, but then it has at least one
   * @return a page
   */
  CompletionStage<Listed> list(String prefix, String after, int limit);

  /**
   * Deletes objects. Keys that do not exist are ignored.
   *
   * @param keys at most 1,000
   * @return completes when all are deleted; fails if one may not be
   */
  CompletionStage<Void> delete(List<String> keys);

  /** Releases the resources that the client made itself. Closing twice is harmless. */
  @Override
  void close();

  /**
   * The answer to a put.
   *
   * @param stored false if the key was taken, possibly by an earlier attempt of the same put
   * @param date the server's time when it answered, or null if it did not say
   */
  record Put(boolean stored, @Nullable Instant date) {}

  /**
   * The answer to a get.
   *
   * @param bytes the whole object, or null if there is none
   * @param date the server's time when it answered, or null if it did not say
   */
  record Got(byte @Nullable [] bytes, @Nullable Instant date) {}

  /**
   * A page of a listing.
   *
   * @param objects in the order of their keys
   * @param more whether there are keys after the last one
   * @param date the server's time when it answered, or null if it did not say
   */
  record Listed(List<Listing> objects, boolean more, @Nullable Instant date) {}

  /**
   * An object in a listing.
   *
   * @param key its key, relative to the client's prefix
   * @param size its length in bytes
   * @param lastModified when it was stored, by the server's clock
   */
  record Listing(String key, long size, Instant lastModified) {}
}
