package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Life;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Ends lives for good, by a tombstone: the next and then highest life of an id. */
class Tombstones {
  private final Requests requests;
  private final Tokens tokens;

  Tombstones(Requests requests, Tokens tokens) {
    this.requests = requests;
    this.tokens = tokens;
  }

  /** Puts a tombstone, unless there is one. Any process's tombstone will do. */
  CompletableFuture<Void> put(String sessionId, long number) {
    Keys.Of keys = Keys.of(sessionId);
    UUID token = tokens.next();
    return requests.put(keys.life(number), Life.tombstone(token).toBytes()).thenApply(put -> null);
  }
}
