package ai.starcite.store.rocksdb;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLogException;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.rocksdb.Heads.Head;
import ai.starcite.testkit.contract.StoreData;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** A bug that one command meets: it fails, and nothing else does (clause APP-7). */
class FailingCommandTest {
  @TempDir private Path directory;
  private final CommandQueue queue = new CommandQueue();
  private final Unsettled unsettled = new Unsettled();
  private final SessionKey key = StoreData.key("session");

  @Test
  void itFailsAlone_definitely_andLeavesNothingInTheBatch() {
    CreateCommand create = new CreateCommand(StoreData.record(key));
    AppendCommand before = new AppendCommand(key, StoreData.segment(1, 1));
    Failing exception = new Failing(key, StoreData.segment(2, 3), new ArithmeticException("2262"));
    Failing error = new Failing(key, StoreData.segment(2, 5), new StackOverflowError());
    AppendCommand after = new AppendCommand(key, StoreData.segment(2, 1));
    CreateCommand other = new CreateCommand(StoreData.record(StoreData.key("other")));
    try (DatabaseAccess access = DatabaseAccess.open(directory, RocksDbOptions.defaults())) {
      for (Command<?> each : new Command<?>[] {create, before, exception, error, after, other}) {
        queue.offer(each);
      }
      queue.close();
      new Committer(queue, access, unsettled, 0).run();

      assertThat(await(create.stage())).isEqualTo(new CreateOutcome.Created());
      assertThat(await(before.stage())).isEqualTo(new AppendOutcome.Committed());
      for (Failing failed : new Failing[] {exception, error}) {
        assertThat(await(failed.stage()))
            .isInstanceOfSatisfying(
                Rejected.class,
                rejected ->
                    assertThat(rejected.cause())
                        .isInstanceOf(SessionLogException.class)
                        .hasCause(failed.failure)
                        .hasMessageContaining("nothing was written"));
      }
      assertThat(await(after.stage())).isEqualTo(new AppendOutcome.Committed());
      assertThat(await(other.stage())).isEqualTo(new CreateOutcome.Created());
      assertThat(access.isWritable()).as("no failure of the disk").isTrue();
      assertThat(access.read(database -> Reads.load(database, "session")).orElseThrow().nextSeq())
          .isEqualTo(3);
    }
  }

  /** Fails when it has put a part of what it writes into the batch. */
  private static final class Failing extends Command<AppendOutcome> {
    private final AppendCommand appending;
    private final Throwable failure;

    Failing(SessionKey session, Segment segment, Throwable failure) {
      super(session.id());
      this.appending = new AppendCommand(session, segment);
      this.failure = failure;
    }

    @Override
    @Nullable AppendOutcome judge(Batch batch, @Nullable Head head) throws RocksDBException {
      AppendOutcome outcome = appending.judge(batch, head);
      if (outcome == null) {
        return null;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }

    @Override
    AppendOutcome rejected(Throwable cause) {
      return appending.rejected(cause);
    }

    @Override
    AppendOutcome indefinite(Throwable cause) {
      return appending.indefinite(cause);
    }

    @Override
    Object identity() {
      return appending.identity();
    }
  }

  @Test
  void timesFarInTheFuture_areKept() {
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      Instant far = Instant.parse("+200000-01-01T00:00:00.123456Z");
      SessionRecord first = StoreData.record(key);
      await(store.create(first));
      SessionRecord next =
          new SessionRecord(
              key,
              first.title(),
              first.metadata(),
              first.createdAt(),
              far,
              first.version() + 1,
              false,
              false,
              UUID.randomUUID());
      assertThat(await(store.update(next, first.version()))).isEqualTo(new UpdateOutcome.Updated());
      assertThat(await(store.load("session")).orElseThrow().record().updatedAt()).isEqualTo(far);
    }
  }
}
