package ai.starcite.store.rocksdb;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.rocksdb.Acknowledged.Found;
import ai.starcite.testkit.contract.StoreData;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One store of one process has a directory, though POSIX gives a lock away with the first
 * descriptor that its process closes (clauses APP-1 and APP-2).
 */
@Timeout(120)
class OwnershipTest {
  private static final String BUFFER = String.valueOf(1 << 20);

  @TempDir private Path parent;
  private final SessionKey session = StoreData.key("session");
  private final Acknowledged acknowledged = new Acknowledged();

  @Test
  void aBackupInsideTheProcess_doesNotGiveTheDirectoryAway() throws IOException {
    Path directory = parent.resolve("store");
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      acknowledged.create(store, session);
      append(store, 1, 50);
      Directories.copy(directory, parent.resolve("backup"));
      String before = content(directory);
      assertThat(lineOfAnotherProcess(directory))
          .contains("already open in another process (pid " + ProcessHandle.current().pid() + ")");
      assertThat(content(directory)).as("nothing was touched").isEqualTo(before);
      append(store, 51, 100);
    }
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);
    }
    // The copy has a signature of a process that lives, but is not what that process has open.
    RocksDbSegmentStore.open(parent.resolve("backup")).close();
  }

  @Test
  void aDirectoryWhoseOwnerClosedItsStore_isFree() throws IOException {
    Path directory = parent.resolve("store");
    RocksDbSegmentStore.open(directory).close();
    assertThat(lineOfAnotherProcess(directory)).startsWith("ack ");
  }

  /** A container has process ids of its own, so that its owner cannot be looked up. */
  @Test
  void anOwnerOfAnotherContainer_isFoundToBeAlive_orDead() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare");
    Path directory = parent.resolve("store");
    List<String> container = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      acknowledged.create(store, session);
      Files.readAllBytes(directory.resolve("starcite.lock"));
      Files.readAllBytes(directory.resolve("LOCK"));
      List<String> lines = lines(container, directory);
      assumeTrue(!lines.isEmpty(), "needs the right to make namespaces");
      assertThat(lines.get(0))
          .startsWith("open failed ")
          .contains("already open in another process");
      append(store, 1, 10);
    }
    try (ChildProcess owner = start(container, directory)) {
      assertThat(owner.line()).hasValueSatisfying(line -> assertThat(line).startsWith("ack "));
      owner.kill();
    }
    try (RocksDbSegmentStore store = openOnceFree(directory)) {
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);
    }
  }

  /** The operating system takes its time to end the processes of a container. */
  private static RocksDbSegmentStore openOnceFree(Path directory) {
    while (true) {
      try {
        return RocksDbSegmentStore.open(directory);
      } catch (SessionLogException e) {
        assertThat(e).hasMessageContaining("already open in another process");
      }
    }
  }

  /** As one does that has seen no sign of life of the owner, which was paused or cut off. */
  @Test
  void anOwnerThatWasReplaced_acknowledgesNothingMore() throws IOException {
    Path directory = parent.resolve("store");
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      acknowledged.create(store, session);
      append(store, 1, 10);
      Path lock = directory.resolve("starcite.lock");
      Path theirs = Files.createFile(parent.resolve("theirs"));
      Files.move(theirs, lock, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

      Segment written = StoreData.segment(11, 1);
      AppendOutcome first = await(store.append(session, written));
      assertThat(first).isInstanceOf(Indefinite.class);
      assertThat(((Indefinite) first).cause())
          .hasMessageContaining("its lock is not this process's any more");
      assertThat(await(store.append(session, written)))
          .as("a repetition of what may have been written")
          .isInstanceOf(Indefinite.class);
      AppendOutcome next = await(store.append(session, StoreData.segment(11, 1)));
      assertThat(next).isInstanceOf(Rejected.class);
    }
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      assertThat(await(store.load(session.id())).orElseThrow().nextSeq()).isGreaterThan(10);
    }
  }

  @Test
  void anOverwrittenLockFile_isNoticed() throws IOException {
    Path directory = parent.resolve("store");
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      acknowledged.create(store, session);
      Files.writeString(directory.resolve("starcite.lock"), "somebody else\n");
      AppendOutcome outcome;
      long seq = 1;
      do {
        outcome = await(store.append(session, StoreData.segment(seq++, 1)));
      } while (outcome instanceof AppendOutcome.Committed);
      assertThat(outcome).isNotInstanceOf(AppendOutcome.Committed.class);
    }
  }

  /** It reads the log files, and cuts off what it takes for a write that never ended. */
  @Test
  void aDatabaseThatAnotherProgramHasOpen_isNotMended() throws IOException {
    Path directory = parent.resolve("store");
    RocksDbSegmentStore.open(directory).close();
    try (FileChannel lock = FileChannel.open(directory.resolve("LOCK"), StandardOpenOption.WRITE)) {
      assertThat(lock.tryLock()).isNotNull();
      Path wal = LogFiles.wals(directory).get(LogFiles.wals(directory).size() - 1);
      Files.write(wal, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
      byte[] before = Files.readAllBytes(wal);
      assertThat(lineOfAnotherProcess(directory)).contains("already open in another process");
      assertThat(wal).hasBinaryContent(before);
    }
    assertThat(lineOfAnotherProcess(directory)).startsWith("ack ");
  }

  /** As of two web applications in one server, each with its own copy of the library. */
  @Test
  void aSecondStore_ofAnotherClassLoader_isRefused() throws Exception {
    Path directory = parent.resolve("store");
    List<URL> path = new ArrayList<>();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String each : classPath.split(File.pathSeparator)) {
      path.add(Path.of(each).toUri().toURL());
    }
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory);
        URLClassLoader other =
            new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> type = other.loadClass(RocksDbSegmentStore.class.getName());
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> type.getMethod("open", Path.class).invoke(null, directory))
            .isInstanceOf(InvocationTargetException.class)
            .cause()
            .hasMessageContaining("already open in this process");
      }
      assertThat(lineOfAnotherProcess(directory)).contains("already open in another process");
      acknowledged.create(store, session);
      append(store, 1, 10);
      // Both use RocksDB's library.
      Path second = parent.resolve("second");
      ((AutoCloseable) type.getMethod("open", Path.class).invoke(null, second)).close();
    }
  }

  @Test
  void aDirectoryThatIsMovedOrDeleted_isNoticedAtOnce_andUsedAgainWhenItIsBack() throws Exception {
    Path directory = parent.resolve("store");
    Path moved = parent.resolve("moved");
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      acknowledged.create(store, session);
      append(store, 1, 3);
      Files.move(directory, moved);
      Segment lost = StoreData.segment(4, 1);
      assertThat(await(store.append(session, lost))).isInstanceOf(Indefinite.class);
      AppendOutcome outcome = await(store.append(session, StoreData.segment(4, 1)));
      assertThat(outcome).isInstanceOf(Rejected.class);
      assertThat(((Rejected) outcome).cause())
          .isInstanceOfSatisfying(
              SessionLogException.class,
              e -> assertThat(e.code()).isEqualTo(Code.STORE_UNAVAILABLE));
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> RocksDbSegmentStore.open(moved))
            .hasMessageContaining("already open in this process");
      }
      Files.move(moved, directory);
      assertThatThrownBy(() -> RocksDbSegmentStore.open(directory))
          .hasMessageContaining("already open in this process");
      acknowledged.append(store, session, lost);
      append(store, 5, 8);
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);
      // Unlike Java, this does not mind that RocksDB deletes files meanwhile.
      new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
      // Refused, where RocksDB has met the missing files before.
      assertThat(await(store.append(session, StoreData.segment(9, 1))))
          .isInstanceOfAny(Indefinite.class, Rejected.class);
    }
  }

  private void append(RocksDbSegmentStore store, long first, long last) {
    for (long seq = first; seq <= last; seq++) {
      acknowledged.append(store, session, StoreData.segment(seq, 1));
    }
  }

  private String lineOfAnotherProcess(Path directory) throws IOException {
    try (ChildProcess child = start(List.of(), directory)) {
      return child.line().orElse("nothing");
    }
  }

  private List<String> lines(List<String> wrapper, Path directory) throws IOException {
    try (ChildProcess child = start(wrapper, directory)) {
      return child.remainingLines();
    }
  }

  private ChildProcess start(List<String> wrapper, Path directory) throws IOException {
    return ChildProcess.startWith(
        wrapper, parent, AppendingMain.class, directory.toString(), BUFFER);
  }

  private static String content(Path directory) throws IOException {
    StringBuilder content = new StringBuilder();
    for (Path file : Directories.files(directory, "(?!starcite.lock.alive).*")) {
      content.append(file).append(' ').append(Files.size(file)).append('\n');
    }
    return content.toString();
  }
}
