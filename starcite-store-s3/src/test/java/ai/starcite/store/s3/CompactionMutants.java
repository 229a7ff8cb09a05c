package ai.starcite.store.s3;

import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.s3.Manifest.ChunkRef;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Compactors, and updaters, that do too much of what others have decided. */
final class CompactionMutants {
  private CompactionMutants() {}

  /** What a compactor is made of. */
  record Parts(
      Requests requests,
      Tracks tracks,
      Walker walker,
      Generations generations,
      Chunks chunks,
      Checkpoints checkpoints,
      Tokens tokens,
      S3Settings settings) {}

  private abstract static class Mutant extends Compactor {
    Mutant(Parts parts) {
      super(
          parts.requests,
          parts.tracks,
          parts.walker,
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

  /** Offers a chunk to the next generation as well, after it has lost one. */
  private abstract static class Insists extends Mutant {
    Insists(Parts parts) {
      super(parts);
    }

    /** What the next generation is built from, or empty if it is given up. */
    abstract Optional<Reading> next(Reading lost, Reading newest);

    @Override
    CompletableFuture<Boolean> commit(
        Track track, @Nullable StateCheckpoint held, Reading base, Content content, ChunkRef ref) {
      return super.commit(track, held, base, content, ref)
          .thenCompose(
              stored -> {
                Reading newest = track.reading();
                boolean lost =
                    !stored && !track.isGone() && newest.generation() > base.generation();
                Optional<Reading> next = lost ? next(base, newest) : Optional.empty();
                return next.isPresent()
                    ? commit(track, held, next.get(), content, ref)
                    : Requests.done(stored);
              });
    }
  }

  static final class OffersChunkAgain extends Insists {
    OffersChunkAgain(Parts parts) {
      super(parts);
    }

    @Override
    Optional<Reading> next(Reading lost, Reading newest) {
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
    Optional<Reading> next(Reading lost, Reading newest) {
      return Optional.of(holding(newest, lost.manifest()));
    }
  }

  static final class UpdatesItsOwn extends Updater {
    UpdatesItsOwn(Tracks tracks, Generations generations, Tokens tokens, S3Settings settings) {
      super(tracks, generations, tokens, settings);
    }

    @Override
    Update begin(Track track, SessionRecord next, long expectedVersion) {
      return new Update(track, next, expectedVersion) {
        private Optional<Manifest> sent = Optional.empty();

        @Override
        Reading base() {
          Reading newest = track.reading();
          return sent.map(content -> holding(newest, content)).orElse(newest);
        }

        @Override
        CompletableFuture<Optional<UpdateOutcome>> put(Reading base) {
          sent = Optional.of(base.manifest());
          return super.put(base);
        }
      };
    }
  }

  static final class UpdatesByMemory extends Updater {
    UpdatesByMemory(Tracks tracks, Generations generations, Tokens tokens, S3Settings settings) {
      super(tracks, generations, tokens, settings);
    }

    @Override
    Update begin(Track track, SessionRecord next, long expectedVersion) {
      return new Update(track, next, expectedVersion) {
        @Override
        boolean mayRefuse() {
          return true;
        }
      };
    }
  }

  /** A reading with the content of another generation. */
  private static Reading holding(Reading reading, Manifest content) {
    return new Reading(
        reading.life(),
        reading.keys(),
        reading.generation(),
        content,
        reading.date(),
        reading.modified());
  }
}
