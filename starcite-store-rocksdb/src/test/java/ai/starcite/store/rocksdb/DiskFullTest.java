package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.rocksdb.Acknowledged.Found;
import ai.starcite.testkit.contract.StoreData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store on a disk that has no space left (clauses APP-1 and APP-7), on a small file system of its
 * own.
 */
class DiskFullTest {
  private static final int DISK_BYTES = 128 << 20;
  private static final int SEGMENT_BYTES = 50_000;
  private static final int SESSIONS = 40;
  @TempDir private Path disk;
  private final Random random = new Random(1);
  private final Acknowledged acknowledged = new Acknowledged();
  private final SessionKey session = StoreData.key("session");
  private final SessionKey other = StoreData.key("other");
  private boolean mounted;
  private Class<?> howItFailed = AppendOutcome.class;

  @BeforeEach
  void mount() throws Exception {
    mounted =
        Files.isExecutable(Path.of("/bin/mount"))
            && run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", disk.toString());
    assumeTrue(mounted, "needs the right to mount a small file system");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  /**
   * With the small buffer sorting into files meets the full disk first, with the large one the WAL.
   */
  @ParameterizedTest
  @ValueSource(ints = {1 << 20, 32 << 20})
  void aStoreWorksAgain_onceSpaceIsFreed(int writeBufferBytes) throws IOException {
    RocksDbOptions options = RocksDbOptions.defaults().withWriteBufferBytes(writeBufferBytes);
    Path directory = disk.resolve("store");
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory, options)) {
      acknowledged.create(store, session);
      acknowledged.create(store, other);
      Path ballast = fillButFor(6 << 20);

      Segment lost = appendUntilFull(store);
      AppendOutcome first = StoreData.await(store.append(other, segment(1)));
      assertThat(first).isInstanceOf(Rejected.class);
      SessionLogException why = (SessionLogException) ((Rejected) first).cause();
      assertThat(why.code()).isEqualTo(Code.STORE_UNAVAILABLE);
      assertThat(why).hasMessageContaining("full").hasMessageContaining("free space");
      assertThat(StoreData.await(store.append(session, lost)))
          .as("a repetition of what may have been written, or was not")
          .isInstanceOf(howItFailed);
      assertThat(StoreData.await(store.read(session, 1, 1)))
          .isInstanceOf(ReadOutcome.Segments.class);

      Files.delete(ballast);
      acknowledged.append(store, session, lost);
      for (int i = 0; i < 100; i++) {
        acknowledged.append(store, session, segment(lost.nextSeq() + i));
      }
      acknowledged.append(store, other, segment(1));
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);
    }
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory, options)) {
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);
    }
  }

  @Test
  void aStoreThatCannotBeOpenedAgain_tellsSo_andTriesAgain() throws IOException {
    Path directory = disk.resolve("store");
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      acknowledged.create(store, session);
      acknowledged.create(store, other);
      Path ballast = fillButFor(6 << 20);
      Segment lost = appendUntilFull(store);
      Files.delete(ballast);
      Path current = directory.resolve("CURRENT");
      Path moved = Files.move(current, disk.resolve("moved"));

      for (int i = 0; i < 3; i++) {
        assertThat(StoreData.await(store.append(session, lost))).isInstanceOf(howItFailed);
        assertThat(StoreData.await(store.append(other, segment(1)))).isInstanceOf(Rejected.class);
        assertThatThrownBy(() -> StoreData.await(store.read(session, 1, 1)))
            .isInstanceOf(SessionLogException.class)
            .hasMessageContaining("has lost its file CURRENT");
      }

      Files.move(moved, current);
      AppendOutcome outcome;
      do {
        outcome = StoreData.await(store.append(session, lost));
      } while (!(outcome instanceof AppendOutcome.Committed));
      acknowledged.add(session, lost);
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);
    }
  }

  /** An unmounted disk leaves an empty directory, which must not become a new store. */
  @Test
  void aDirectoryThatIsEmptyNow_isNotStartedAnew() throws IOException {
    assertNotOpenedAgain(directory -> Files.createDirectory(directory), "is empty");
  }

  @Test
  void aDirectoryThatIsAnotherOneNow_isNotOpened() throws IOException {
    assertNotOpenedAgain(
        directory -> {
          Files.createDirectory(directory);
          FormatFile.write(directory);
          Files.createFile(directory.resolve("starcite.lock"));
        },
        "is not the directory");
  }

  @Test
  void aDirectoryThatIsGone_isNotCreated() throws IOException {
    assertNotOpenedAgain(directory -> {}, "is gone");
  }

  private interface Replacement {
    void put(Path directory) throws IOException;
  }

  private void assertNotOpenedAgain(Replacement replacement, String message) throws IOException {
    Path directory = disk.resolve("store");
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      acknowledged.create(store, session);
      acknowledged.create(store, other);
      Path ballast = fillButFor(6 << 20);
      Segment lost = appendUntilFull(store);
      Files.delete(ballast);
      Path moved = Files.move(directory, disk.resolve("moved"));
      replacement.put(directory);

      AppendOutcome outcome = StoreData.await(store.append(other, segment(1)));
      assertThat(outcome).isInstanceOf(Rejected.class);
      assertThat(((Rejected) outcome).cause())
          .hasMessageContaining(message)
          .hasMessageContaining("mounted");
      assertThat(StoreData.await(store.append(session, lost))).isInstanceOf(howItFailed);
      assertThat(acknowledged.compare(store)).as("reading goes on").isEqualTo(Found.ALL);

      Directories.delete(directory);
      Files.move(moved, directory);
      acknowledged.append(store, session, lost);
      acknowledged.append(store, other, segment(1));
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);
    }
  }

  /** Sorting tables takes as much space as they have, which a full disk may never get. */
  @Test
  @Timeout(120)
  void tablesThatCannotBeSorted_stopNoWrites_onceThereIsSomeSpace() throws IOException {
    RocksDbOptions options = RocksDbOptions.defaults().withWriteBufferBytes(1 << 20);
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(disk.resolve("store"), options)) {
      Map<SessionKey, Segment> open = new LinkedHashMap<>();
      for (int i = 0; i < 4; i++) {
        SessionKey key = StoreData.key("s" + i);
        acknowledged.create(store, key);
        open.put(key, segment(1));
      }
      Path some = Files.write(disk.resolve("some"), new byte[8 << 20]);
      fillButFor(48 << 20);
      for (int failures = 0; failures < 100; ) {
        failures += open.size() - appendEach(store, open);
      }
      Files.delete(some);
      for (int committed = 0; committed < 100; ) {
        committed += appendEach(store, open);
      }
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);
    }
  }

  /** Appends to all sessions at the same time, and returns how often that was acknowledged. */
  private int appendEach(RocksDbSegmentStore store, Map<SessionKey, Segment> open) {
    Map<SessionKey, CompletionStage<AppendOutcome>> stages = new LinkedHashMap<>();
    open.forEach((key, segment) -> stages.put(key, store.append(key, segment)));
    int committed = 0;
    for (Map.Entry<SessionKey, CompletionStage<AppendOutcome>> each : stages.entrySet()) {
      if (StoreData.await(each.getValue()) instanceof AppendOutcome.Committed) {
        Segment stored = open.get(each.getKey());
        acknowledged.add(each.getKey(), stored);
        open.put(each.getKey(), segment(stored.nextSeq()));
        committed++;
      }
    }
    return committed;
  }

  /** Inside RocksDB a write that waits for a memtable would wait forever once sorting fails. */
  @Test
  void manyAppendsAtOnce_areAllAnswered_andSettledLater() throws IOException {
    RocksDbOptions options = RocksDbOptions.defaults().withWriteBufferBytes(1 << 20);
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(disk.resolve("store"), options)) {
      List<SessionKey> sessions = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        sessions.add(StoreData.key("s" + i));
        acknowledged.create(store, sessions.get(i));
      }
      Path ballast = fillButFor(16 << 20);
      Map<SessionKey, Segment> open = new HashMap<>();
      for (long seq = 1; open.isEmpty(); seq++) {
        open = appendToAll(store, sessions, seq);
      }
      Files.delete(ballast);
      for (Map.Entry<SessionKey, Segment> each : open.entrySet()) {
        AppendOutcome outcome;
        do {
          outcome = StoreData.await(store.append(each.getKey(), each.getValue()));
        } while (!(outcome instanceof AppendOutcome.Committed));
        acknowledged.add(each.getKey(), each.getValue());
      }
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);
    }
  }

  /** Appends to all sessions at the same time and returns what was not acknowledged. */
  private Map<SessionKey, Segment> appendToAll(
      RocksDbSegmentStore store, List<SessionKey> sessions, long seq) {
    Map<SessionKey, Segment> segments = new LinkedHashMap<>();
    Map<SessionKey, CompletionStage<AppendOutcome>> stages = new HashMap<>();
    for (SessionKey each : sessions) {
      segments.put(each, segment(seq));
      stages.put(each, store.append(each, segments.get(each)));
    }
    for (SessionKey each : sessions) {
      if (StoreData.await(stages.get(each)) instanceof AppendOutcome.Committed) {
        acknowledged.add(each, segments.remove(each));
      }
    }
    return segments;
  }

  private Segment appendUntilFull(RocksDbSegmentStore store) {
    for (long seq = 1; ; seq++) {
      Segment segment = segment(seq);
      AppendOutcome outcome = StoreData.await(store.append(session, segment));
      if (!(outcome instanceof AppendOutcome.Committed)) {
        // Definite if RocksDB has refused it, since it could not write a table before.
        howItFailed = outcome.getClass();
        assertThat(howItFailed).isIn(Indefinite.class, Rejected.class);
        assertThat(cause(outcome)).isInstanceOf(SessionLogException.class);
        return segment;
      }
      acknowledged.add(session, segment);
    }
  }

  private static Throwable cause(AppendOutcome outcome) {
    return outcome instanceof Rejected rejected ? rejected.cause() : ((Indefinite) outcome).cause();
  }

  private Segment segment(long seq) {
    return StoreData.segment(seq, 1, SEGMENT_BYTES, false, random);
  }

  private Path fillButFor(long bytes) throws IOException {
    Path ballast = disk.resolve("ballast");
    long size = Files.getFileStore(disk).getUsableSpace() - bytes;
    Files.write(ballast, new byte[(int) size]);
    return ballast;
  }
}
