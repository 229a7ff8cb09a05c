package ai.starcite.store.rocksdb;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.SessionKey;
import ai.starcite.testkit.contract.StoreData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.PerfContext;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** A list costs what it looks at, not what was deleted (clause SES-6). */
@Timeout(120)
class ListAfterDeletionsTest {
  private static final int SESSIONS = 60_000;

  /** What may be stepped over: what is in memory, and some more. */
  private static final long FEW = 6_000;

  private static final ListRequest FIRST = new ListRequest("", Optional.empty(), 100);

  @TempDir private Path directory;

  @Test
  void deletions_areCompactedAway_whileTheStoreIsOpen() throws Exception {
    CommandQueue queue = new CommandQueue();
    try (DatabaseAccess access = DatabaseAccess.open(directory, RocksDbOptions.defaults())) {
      Thread committer = new Thread(new Committer(queue, access, new Unsettled(), 0));
      committer.start();
      try {
        List<SessionKey> keys = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
          keys.add(StoreData.key("session-%08d".formatted(i)));
        }
        List<CompletionStage<?>> stages = new ArrayList<>();
        for (SessionKey key : keys) {
          CreateCommand create = new CreateCommand(StoreData.record(key));
          assertThat(queue.offer(create)).isTrue();
          stages.add(create.stage());
        }
        stages.forEach(stage -> assertThat(await(stage)).isInstanceOf(CreateOutcome.Created.class));
        stages.clear();
        // All but the last one.
        for (SessionKey key : keys.subList(0, SESSIONS - 1)) {
          DeleteCommand delete = new DeleteCommand(key);
          assertThat(queue.offer(delete)).isTrue();
          stages.add(delete.stage());
        }
        stages.forEach(stage -> assertThat(await(stage)).isInstanceOf(DeleteOutcome.Deleted.class));

        long steppedOver;
        do {
          steppedOver = access.read(ListAfterDeletionsTest::steppedOver);
        } while (steppedOver > FEW);
        assertThat(access.read(database -> Reads.list(database, FIRST)).records()).hasSize(1);
      } finally {
        queue.close();
        committer.join();
      }
    }
  }

  /** As in a directory that was written before RocksDB was asked to compact deletions. */
  @Test
  void aSlowList_hasTheDeletionsCompactedAway() throws Exception {
    try (DatabaseAccess access = DatabaseAccess.open(directory, RocksDbOptions.defaults())) {
      access.read(
          database -> {
            for (int i = 0; i < SESSIONS; i++) {
              writeAndDelete(database, "session-%08d".formatted(i));
            }
            return true;
          });
      Lists lists = new Lists();
      assertThat(access.read(ListAfterDeletionsTest::steppedOver)).isGreaterThan(FEW);
      assertThat(access.read(database -> lists.page(database, FIRST)).records()).isEmpty();
      assertThat(lists.wasSlow()).isTrue();
      assertThat(access.read(lists::compact)).isTrue();
      assertThat(lists.wasSlow()).isFalse();
      assertThat(access.read(ListAfterDeletionsTest::steppedOver)).isZero();
    }
  }

  /** Past the committer, which counts deletions. */
  private static void writeAndDelete(Database database, String id) {
    try {
      byte[] key = Keys.record(id);
      ColumnFamilyHandle records = database.handle(Family.RECORDS);
      database.rocks().put(records, key, StoreData.record(StoreData.key(id)).toBytes());
      database.rocks().delete(records, key);
    } catch (RocksDBException e) {
      throw new AssertionError(e);
    }
  }

  /** How many deletions RocksDB steps over for a page. */
  private static long steppedOver(Database database) {
    RocksDB rocks = database.rocks();
    try {
      rocks.setPerfLevel(PerfLevel.ENABLE_COUNT);
      PerfContext context = rocks.getPerfContext();
      context.reset();
      Reads.list(database, FIRST);
      return context.getInternalDeleteSkippedCount();
    } finally {
      rocks.setPerfLevel(PerfLevel.DISABLE);
    }
  }

  @Test
  void aListThatTakesLong_keepsNoReadWaiting() throws Exception {
    StoreThreads threads = new StoreThreads(1);
    CountDownLatch listing = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    CompletionStage<Boolean> list =
        threads.list(
            () -> {
              listing.countDown();
              try {
                read.await();
                return true;
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    listing.await();
    assertThat(await(threads.read(() -> "read"))).isEqualTo("read");
    read.countDown();
    assertThat(await(list)).isTrue();
    threads.start(() -> {}, () -> {});
    threads.end();
  }
}
