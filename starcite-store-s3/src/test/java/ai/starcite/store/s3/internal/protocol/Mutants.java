package ai.starcite.store.s3.internal.protocol;

import ai.starcite.store.s3.internal.client.ObjectClient;
import java.time.Duration;

/** Protocols that each break one {@link Rule}: one part decides differently. */
final class Mutants {
  private Mutants() {}

  static ProtocolFactory without(Rule rule) {
    return switch (rule) {
      case CHECK_ABSENT -> judge(JudgeMutants.BelievesAbsence::new);
      case CHECK_FOUND -> judge(JudgeMutants.BelievesFinds::new);
      case HALF_GRACE -> judge(JudgeMutants.FreshForTooLong::new);
      case BOUNDARY_ALWAYS -> judge(JudgeMutants.ForgetsBoundary::new);
      case CHECK_STORED -> puts(PutMutants.BelievesStored::new);
      case CHECK_OWN_TOKEN -> puts(PutMutants.BelievesOwn::new);
      case CHECK_OTHER_TOKEN -> puts(PutMutants.BelievesOthers::new);
      case CHECK_TERMINAL -> puts(PutMutants.BelievesTerminals::new);
      case CHUNK_CONFIRMS -> puts(PutMutants.NothingWasCompacted::new);
      case CHUNK_REFUTES -> puts(PutMutants.EverythingWasCompacted::new);
      case WRITERS_DELETE_NOTHING -> puts(PutMutants.DeletesStrays::new);
      case RESOLVE_BY_SENDING -> resolvingByReading();
      case CHECK_GENERATION -> generations(JudgeMutants.BelievesGenerations::new);
      case READ_OWN_GENERATION -> generations(PutMutants.TakenGenerationsAreLost::new);
      case RESOLVE_GENERATION_BY_SENDING -> resolvingGenerationsByReading();
      case TERMINAL_STAYS -> compactor(CompactionMutants.CompactsTerminals::new);
      case ONE_GENERATION_PER_CHUNK -> compactor(CompactionMutants.OffersChunkAgain::new);
      case REBUILD_FROM_NEWEST -> keepingItsOwn();
      case BOUNDARY_FROM_NEWEST -> reclaimer(ReclaimMutants.AnyOldBoundary::new);
      case KEEP_GENERATIONS -> reclaimer(ReclaimMutants.AnyOldGeneration::new);
      case ORPHANS_BY_GENERATION -> reclaimer(ReclaimMutants.OrphansByAge::new);
      case GRACE -> reclaimer(ReclaimMutants.NoGrace::new);
      case KEEP_TOMBSTONE -> reclaimer(ReclaimMutants.Tombstones::new);
      case RECLAIM_LOWER_LIVES -> reclaimer(ReclaimMutants.OtherLives::new);
      case READ_LIVES -> snapshots(SessionMutants.KnownLives::new);
      case DATE_BY_FIRST_REQUEST -> snapshots(SessionMutants.DatedByLast::new);
      case LIST_LOOKS_AGAIN -> snapshots(SessionMutants.ListsOnce::new);
      case NUMBERED_LIVES -> unnumbered();
      case CREATE_LOOKS_AGAIN -> creator(SessionMutants.CreatesOnce::new);
      case FINISH_TERMINAL -> finisher(SessionMutants.LeavesUnfinished::new);
      case REFUSE_AFTER_LOOK -> refusingByMemory();
      case WALK -> reader(SessionMutants.KnownHead::new);
      case RELOAD_ON_MISSING_CHUNK -> chunks(SessionMutants.MissingIsLost::new);
    };
  }

  private interface JudgeMaker {
    Judge make(KnownSessions sessions, S3Settings settings);
  }

  private static ProtocolFactory judge(JudgeMaker maker) {
    return new ProtocolFactory() {
      @Override
      Judge judge(KnownSessions sessions, S3Settings settings) {
        return maker.make(sessions, settings);
      }
    };
  }

  private interface PutsMaker {
    SegmentPuts make(Requests requests, Judge judge, Chunks chunks);
  }

  private static ProtocolFactory puts(PutsMaker maker) {
    return new ProtocolFactory() {
      @Override
      SegmentPuts segmentPuts(Requests requests, Judge judge, Chunks chunks) {
        return maker.make(requests, judge, chunks);
      }
    };
  }

  private static ProtocolFactory resolvingByReading() {
    return new ProtocolFactory() {
      @Override
      Requests requests(ObjectClient objects, S3Settings settings, Environment environment) {
        return new PutMutants.Once(objects, settings, environment);
      }

      @Override
      SegmentPuts segmentPuts(Requests requests, Judge judge, Chunks chunks) {
        return new PutMutants.ResolvesByReading((PutMutants.Once) requests, judge, chunks);
      }
    };
  }

  private interface GenerationsMaker {
    Generations make(Requests requests, KnownSessions sessions, Judge judge);
  }

  private static ProtocolFactory generations(GenerationsMaker maker) {
    return new ProtocolFactory() {
      @Override
      Generations generations(Requests requests, KnownSessions sessions, Judge judge) {
        return maker.make(requests, sessions, judge);
      }
    };
  }

  private static ProtocolFactory resolvingGenerationsByReading() {
    return new ProtocolFactory() {
      @Override
      Requests requests(ObjectClient objects, S3Settings settings, Environment environment) {
        return new PutMutants.Once(objects, settings, environment);
      }

      @Override
      Generations generations(Requests requests, KnownSessions sessions, Judge judge) {
        return new PutMutants.ResolvesGenerationsByReading(
            (PutMutants.Once) requests, sessions, judge);
      }
    };
  }

  private interface CompactorMaker {
    Compactor make(CompactionMutants.Parts parts);
  }

  private static ProtocolFactory compactor(CompactorMaker maker) {
    return new Compacting(maker);
  }

  private static class Compacting extends ProtocolFactory {
    private final CompactorMaker maker;

    Compacting(CompactorMaker maker) {
      this.maker = maker;
    }

    @Override
    Compactor compactor(
        Requests requests,
        KnownSessions sessions,
        HeadFinder headFinder,
        Generations generations,
        Chunks chunks,
        Checkpoints checkpoints,
        Tokens tokens,
        S3Settings settings) {
      return maker.make(
          new CompactionMutants.Parts(
              requests, sessions, headFinder, generations, chunks, checkpoints, tokens, settings));
    }
  }

  private static ProtocolFactory keepingItsOwn() {
    return new Compacting(CompactionMutants.KeepsItsOwn::new) {
      @Override
      Updater updater(
          KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
        return new CompactionMutants.UpdatesItsOwn(sessions, generations, tokens, settings);
      }
    };
  }

  private interface ReclaimerMaker {
    Reclaimer make(Requests requests, KnownSessions sessions, Duration grace);
  }

  private static ProtocolFactory reclaimer(ReclaimerMaker maker) {
    return new ProtocolFactory() {
      @Override
      Reclaimer reclaimer(Requests requests, KnownSessions sessions, Duration grace) {
        return maker.make(requests, sessions, grace);
      }
    };
  }

  private interface SnapshotReaderMaker {
    SnapshotReader make(Requests requests, Duration grace);
  }

  private static ProtocolFactory snapshots(SnapshotReaderMaker maker) {
    return new ProtocolFactory() {
      @Override
      SnapshotReader snapshots(Requests requests, Duration grace) {
        return maker.make(requests, grace);
      }
    };
  }

  private interface CreatorMaker {
    Creator make(
        Requests requests, SnapshotReader snapshots, KnownSessions sessions, Duration grace);
  }

  private static ProtocolFactory creator(CreatorMaker maker) {
    return new ProtocolFactory() {
      @Override
      Creator creator(
          Requests requests, SnapshotReader snapshots, KnownSessions sessions, Duration grace) {
        return maker.make(requests, snapshots, sessions, grace);
      }
    };
  }

  private static ProtocolFactory unnumbered() {
    return new ProtocolFactory() {
      @Override
      Creator creator(
          Requests requests, SnapshotReader snapshots, KnownSessions sessions, Duration grace) {
        return new SessionMutants.OneLife(requests, snapshots, sessions, grace);
      }

      @Override
      Tombstones tombstones(Requests requests, Tokens tokens) {
        return new SessionMutants.DeletesLives(requests, tokens);
      }
    };
  }

  private interface FinisherMaker {
    Finisher make(
        KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings);
  }

  private static ProtocolFactory finisher(FinisherMaker maker) {
    return new ProtocolFactory() {
      @Override
      Finisher finisher(
          KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
        return maker.make(sessions, generations, tokens, settings);
      }
    };
  }

  private static ProtocolFactory refusingByMemory() {
    return new ProtocolFactory() {
      @Override
      Appender appender(
          KnownSessions sessions, HeadFinder headFinder, SegmentPuts puts, Finisher finisher) {
        return new SessionMutants.RefusesByMemory(sessions, headFinder, puts, finisher);
      }

      @Override
      Updater updater(
          KnownSessions sessions, Generations generations, Tokens tokens, S3Settings settings) {
        return new CompactionMutants.UpdatesByMemory(sessions, generations, tokens, settings);
      }
    };
  }

  private interface ReaderMaker {
    Reader make(
        Requests requests,
        KnownSessions sessions,
        Judge judge,
        HeadFinder headFinder,
        Finisher finisher,
        Chunks chunks,
        Checkpoints checkpoints);
  }

  private static ProtocolFactory reader(ReaderMaker maker) {
    return new ProtocolFactory() {
      @Override
      Reader reader(
          Requests requests,
          KnownSessions sessions,
          Judge judge,
          HeadFinder headFinder,
          Finisher finisher,
          Chunks chunks,
          Checkpoints checkpoints) {
        return maker.make(requests, sessions, judge, headFinder, finisher, chunks, checkpoints);
      }
    };
  }

  private interface ChunksMaker {
    Chunks make(Requests requests, KnownSessions sessions, S3Settings settings);
  }

  private static ProtocolFactory chunks(ChunksMaker maker) {
    return new ProtocolFactory() {
      @Override
      Chunks chunks(Requests requests, KnownSessions sessions, S3Settings settings) {
        return maker.make(requests, sessions, settings);
      }
    };
  }
}
