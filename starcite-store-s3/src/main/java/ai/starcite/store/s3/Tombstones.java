package ai.starcite.store.s3;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Ends lives for good: by a tombstone that is the next, and highest, of the lives of an id. */
final class Tombstones {
  private final Requests requests;
  private final Tokens tokens;
  private final Rules rules;

  Tombstones(Requests requests, Tokens tokens, Rules rules) {
    this.requests = requests;
    this.tokens = tokens;
    this.rules = rules;
  }

  /** Puts a tombstone, unless there is one; it is nobody's in particular. */
  CompletableFuture<Void> put(String sessionId, long number) {
    Keys.Of keys = Keys.of(sessionId);
    if (!rules.keeps(Rule.NUMBERED_LIVES)) {
      return requests.delete(List.of(keys.life(number - 1)));
    }
    UUID token = tokens.next();
    return requests.put(keys.life(number), Life.tombstone(token).toBytes()).thenApply(put -> null);
  }
}
