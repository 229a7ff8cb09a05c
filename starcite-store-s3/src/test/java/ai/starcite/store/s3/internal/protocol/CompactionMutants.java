package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Manifest;
import ai.starcite.store.s3.internal.format.Manifest.ChunkRef;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Compactors and updaters that ignore what others have decided. */
final class CompactionMutants {
  private CompactionMutants() {}

  /** The parts of a compactor. */
  record Parts(
      Requests requests,
      KnownSessions sessions,
      HeadFinder headFinder,
      Generations generations,
      Chunks chunks,
      Checkpoints checkpoints,
      Tokens tokens,
      S3Settings settings) {}

  private abstract static class Mutant extends Compactor {
    Mutant(Parts parts) {
      super(
          parts.requests,
          parts.sessions,
          parts.headFinder,
          parts.generations,
          parts.chunks,
          parts.checkpoints,
          parts.tokens,
          parts.settings);
    }
  }

  static final class CompactsTerminals extends Mutant {
    CompactsTerminals(Parts parts) {
      super(parts);
    }

    @Override
    boolean mayGo(long place, @Nullable Entry terminal) {
      return true;
    }
  }

  /** Offers a chunk to the next generation after it has lost one. */
  private abstract static class Insists extends Mutant {
    Insists(Parts parts) {
      super(parts);
    }

    /** Returns what the next generation is built from, or empty to give up. */
    abstract Optional<Snapshot> next(Snapshot lost, Snapshot newest);

    @Override
    CompletableFuture<Boolean> commit(
        KnownSession known,
        @Nullable StateCheckpoint held,
        Snapshot base,
        Content content,
        ChunkRef ref) {
      return super.commit(known, held, base, content, ref)
          .thenCompose(
              stored -> {
                Snapshot newest = known.snapshot();
                boolean lost =
                    !stored && !known.isGone() && newest.generation() > base.generation();
                Optional<Snapshot> next = lost ? next(base, newest) : Optional.empty();
                return next.isPresent()
                    ? commit(known, held, next.get(), content, ref)
                    : Requests.done(stored);
              });
    }
  }

  static final class OffersChunkAgain extends Insists {
    OffersChunkAgain(Parts parts) {
      super(parts);
    }

    @Override
    Optional<Snapshot> next(Snapshot lost, Snapshot newest) {
      return newest.manifest().chunks().equals(lost.manifest().chunks())
          ? Optional.of(newest)
          : Optional.empty();
    }
  }

  static final class KeepsItsOwn extends Insists {
    KeepsItsOwn(Parts parts) {
      super(parts);
    }

    @Override
    Optional<Snapshot> next(Snapshot lost, Snapshot newest) {
      return Optional.of(holding(newest, lost.manifest()));
    }
  }

  static final class UpdatesItsOwn extends Updater {
    UpdatesItsOwn(
        KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
      super(sessions, generations, tokens, settings);
    }

    @Override
    Update begin(KnownSession known, SessionRecord next, long expectedVersion) {
      return new Update(known, next, expectedVersion) {
        private Optional<Manifest> sent = Optional.empty();

        @Override
        Snapshot base() {
          Snapshot newest = known.snapshot();
          return sent.map(content -> holding(newest, content)).orElse(newest);
        }

        @Override
        CompletableFuture<Optional<UpdateOutcome>> put(Snapshot base) {
          sent = Optional.of(base.manifest());
          return super.put(base);
        }
      };
    }
  }

  static final class UpdatesByMemory extends Updater {
    UpdatesByMemory(
        KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
      super(sessions, generations, tokens, settings);
    }

    @Override
    Update begin(KnownSession known, SessionRecord next, long expectedVersion) {
      return new Update(known, next, expectedVersion) {
        @Override
        boolean mayRefuse() {
          return true;
        }
      };
    }
  }

  /** Returns a snapshot with the content of another generation. */
  private static Snapshot holding(Snapshot snapshot, Manifest content) {
    return new Snapshot(
        snapshot.life(),
        snapshot.keys(),
        snapshot.generation(),
        content,
        snapshot.date(),
        snapshot.modified());
  }
}
