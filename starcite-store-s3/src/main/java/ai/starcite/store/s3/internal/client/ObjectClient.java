package ai.starcite.store.s3.internal.client;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The little that the store needs of an object store. All keys are below the prefix that the client
 * was made for.
 *
 * <p>Each call is one attempt, as far as the client decides that: who calls repeats it. A stage
 * that fails does so with an {@link ObjectException}, which tells whether the request may have had
 * an effect. Every stage completes in the end. Thread-safe.
 */
public interface ObjectClient extends AutoCloseable {

  /**
   * Stores an object if its key is free: the only arbiter of the protocol.
   *
   * @param key where to store it
   * @param bytes what to store; not to be modified
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
   * @param after the key to start behind; may be empty
   * @param limit at most so many keys, 1 to 1,000; there may be fewer though there are more to
   *     come, but then at least one
   * @return a page
   */
  CompletionStage<Listed> list(String prefix, String after, int limit);

  /**
   * Deletes objects. Keys that do not exist are no failure.
   *
   * @param keys at most 1,000
   * @return completes when all are deleted; fails if one may not be
   */
  CompletionStage<Void> delete(List<String> keys);

  /** Releases what the client made itself. Can be called twice. */
  @Override
  void close();

  /**
   * The answer to a put.
   *
   * @param stored false if the key was taken, maybe by an earlier attempt of the same put
   * @param date the server's clock when it answered, or null if it did not say
   */
  record Put(boolean stored, @Nullable Instant date) {}

  /**
   * The answer to a get.
   *
   * @param bytes the object, whole, or null if there is none
   * @param date the server's clock when it answered, or null if it did not say
   */
  record Got(byte @Nullable [] bytes, @Nullable Instant date) {}

  /**
   * A page of a listing.
   *
   * @param objects in the order of their keys
   * @param more whether there are keys after the last one
   * @param date the server's clock when it answered, or null if it did not say
   */
  record Listed(List<Listing> objects, boolean more, @Nullable Instant date) {}

  /**
   * An object in a listing.
   *
   * @param key its key, below the client's prefix
   * @param size its length in bytes
   * @param lastModified when it was stored, by the server's clock
   */
  record Listing(String key, long size, Instant lastModified) {}
}
