package ai.starcite.store.rocksdb;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.testkit.contract.StoreData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of a store (clause ERR-3). */
@Timeout(60)
class CloseTest {
  @TempDir private Path directory;
  private final SessionKey key = StoreData.key("session");

  @Test
  void whatWasAcceptedBeforeClose_isStored_andLaterCallsAreRefused() {
    RocksDbSegmentStore store = RocksDbSegmentStore.open(directory);
    List<CompletionStage<AppendOutcome>> accepted = new ArrayList<>();
    await(store.create(StoreData.record(key)));
    for (int i = 1; i <= 1_000; i++) {
      accepted.add(store.append(key, StoreData.segment(i, 1)));
    }
    store.close();
    store.close();
    assertThat(accepted)
        .allSatisfy(
            stage -> {
              assertThat(stage.toCompletableFuture()).isDone();
              assertThat(await(stage)).isEqualTo(new AppendOutcome.Committed());
            });

    AppendOutcome late = await(store.append(key, StoreData.segment(1_001, 1)));
    assertThat(late).isInstanceOf(Rejected.class);
    assertClosed(((Rejected) late).cause());
    await(store.checkpoint(key, new StateCheckpoint(1, new byte[0])));
    for (CompletionStage<?> read :
        List.of(
            store.load("session"),
            store.read(key, 1, 1),
            store.list(new ListRequest("", Optional.empty(), 1)))) {
      assertThatThrownBy(() -> await(read)).satisfies(CloseTest::assertClosed);
    }

    try (RocksDbSegmentStore again = RocksDbSegmentStore.open(directory)) {
      assertThat(await(again.load("session")).orElseThrow().nextSeq()).isEqualTo(1_001);
    }
  }

  private static void assertClosed(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.CLOSED));
  }

  @Test
  void close_onTheStoresOwnThreads_doesNotWaitForItself() {
    RocksDbSegmentStore first = RocksDbSegmentStore.open(directory);
    await(first.create(StoreData.record(key)).thenAccept(created -> first.close()));
    first.close();
    RocksDbSegmentStore second = RocksDbSegmentStore.open(directory);
    await(second.load("session").thenAccept(loaded -> second.close()));
    second.close();
    RocksDbSegmentStore.open(directory).close();
  }

  /** Who closes it too may open the directory again as soon as that returns. */
  @Test
  void everyClose_returnsWhenTheDirectoryIsFree() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 10; round++) {
        Path place = directory.resolve("store" + round);
        RocksDbSegmentStore store = RocksDbSegmentStore.open(place);
        await(store.create(StoreData.record(key)));
        for (int seq = 1; seq <= 1000; seq++) {
          store.append(key, StoreData.segment(seq, 1));
        }
        List<Future<Long>> closes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          closes.add(
              executor.submit(
                  () -> {
                    store.close();
                    return Files.size(place.resolve("starcite.lock"));
                  }));
        }
        for (Future<Long> close : closes) {
          assertThat(close.get()).as("what is left of the owner's signature").isZero();
        }
        RocksDbSegmentStore.open(place).close();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void close_whoseReleaseFails_returns() {
    StoreThreads threads = new StoreThreads(1);
    threads.start(
        () -> {},
        () -> {
          throw new IllegalStateException("release");
        });
    threads.end();
  }

  @Test
  void close_leavesNoThread() {
    RocksDbSegmentStore store = RocksDbSegmentStore.open(directory);
    await(store.create(StoreData.record(key)));
    await(store.load("session"));
    assertThat(threads()).contains("starcite-rocksdb-committer", "starcite-rocksdb-reader-1");
    List<Thread> running = running();
    store.close();
    running.forEach(CloseTest::join);
    assertThat(threads()).isEmpty();
  }

  private static List<Thread> running() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("starcite-rocksdb-"))
        .toList();
  }

  private static List<String> threads() {
    return running().stream().map(Thread::getName).toList();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void close_whileThreadsReadAndWrite_endsThemAll() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 10; round++) {
        RocksDbSegmentStore store = RocksDbSegmentStore.open(directory.resolve("store" + round));
        await(store.create(StoreData.record(key)));
        AtomicLong acknowledged = new AtomicLong();
        List<Future<?>> threads = new ArrayList<>();
        threads.add(executor.submit(() -> appendUntilClosed(store, acknowledged)));
        for (int i = 0; i < 3; i++) {
          threads.add(executor.submit(() -> readUntilClosed(store)));
        }
        while (acknowledged.get() < 20) {
          Thread.onSpinWait();
        }
        store.close();
        for (Future<?> thread : threads) {
          thread.get();
        }
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private void appendUntilClosed(RocksDbSegmentStore store, AtomicLong acknowledged) {
    long seq = 1;
    while (await(store.append(key, StoreData.segment(seq, 1))) instanceof AppendOutcome.Committed) {
      acknowledged.set(seq++);
    }
  }

  private void readUntilClosed(RocksDbSegmentStore store) {
    try {
      while (await(store.read(key, 1, 1_000_000)) instanceof ReadOutcome.Segments) {
        await(store.list(new ListRequest("", Optional.empty(), 10)));
      }
    } catch (SessionLogException e) {
      assertClosed(e);
    }
  }
}
