package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.store.rocksdb.Heads.Head;
import ai.starcite.testkit.contract.StoreData;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of the one writer: whatever ends it, nobody is left to wait. */
class CommitterTest {
  @TempDir private Path directory;
  private final CommandQueue queue = new CommandQueue();
  private final SessionKey key = StoreData.key("session");

  @Test
  void everythingIsAnswered_whenTheCommitterDies() {
    CreateCommand before = new CreateCommand(StoreData.record(key));
    CreateCommand after = new CreateCommand(StoreData.record(StoreData.key("other")));
    Poison poison = new Poison();
    CheckpointCommand checkpoint =
        new CheckpointCommand(key, new StateCheckpoint(1, new byte[] {1}));
    queue.offer(checkpoint);
    queue.offer(before);
    queue.offer(poison);
    queue.offer(after);
    try (DatabaseAccess access = DatabaseAccess.open(directory, RocksDbOptions.defaults())) {
      Committer committer = new Committer(queue, access, new Unsettled(), 0);
      assertThatThrownBy(committer::run).isSameAs(poison.failure);
    }
    assertThat(StoreData.await(before.stage())).isInstanceOf(Indefinite.class);
    assertThat(poison.stage().toCompletableFuture()).isCompletedExceptionally();
    assertThat(StoreData.await(after.stage()))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected ->
                assertThat(rejected.cause())
                    .isInstanceOfSatisfying(
                        SessionLogException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.CLOSED)));
    assertThat(checkpoint.stage().toCompletableFuture()).isDone();
    assertThat(queue.offer(new CreateCommand(StoreData.record(key)))).isFalse();
  }

  /** A command that cannot even be given up. */
  private static final class Poison extends Command<String> {
    private final IllegalStateException failure = new IllegalStateException("poison");

    Poison() {
      super("poison");
    }

    @Override
    String judge(Batch batch, @Nullable Head head) {
      throw failure;
    }

    @Override
    String rejected(Throwable cause) {
      throw failure;
    }

    @Override
    String indefinite(Throwable cause) {
      throw failure;
    }

    @Override
    Object identity() {
      return this;
    }
  }
}
