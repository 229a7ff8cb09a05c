package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.SessionKey;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads as a tail does: from its position to the head, and later on from there. */
final class ReadingActor extends Actor {
  private @Nullable SessionKey key;
  private long next;

  ReadingActor(Trial trial, Host host, String name, int turns) {
    super(trial, host, name, turns);
  }

  @Override
  void forget() {
    key = null;
  }

  @Override
  CompletionStage<?> turn() {
    if (key != null && random.nextInt(12) > 0) {
      return readOn();
    }
    return load()
        .thenCompose(
            loaded -> {
              if (loaded.isEmpty()) {
                return now(false);
              }
              key = loaded.get().record().key();
              next = 1 + random.nextLong(loaded.get().nextSeq());
              return readOn();
            });
  }

  private CompletionStage<Boolean> readOn() {
    return read(key, next)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                forget();
                return now(false);
              }
              boolean more = !found.get().isEmpty();
              if (more) {
                var last = found.get().get(found.get().size() - 1);
                next = last.nextSeq();
                more = !last.seals();
                if (!more) {
                  forget();
                }
              }
              return more ? readOn() : now(true);
            });
  }
}
