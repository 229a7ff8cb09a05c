package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.rocksdb.Acknowledged.Found;
import ai.starcite.testkit.contract.StoreData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damage to a store's log files while what was acknowledged lives in the WAL (clauses APP-1 and
 * ERR-2). RocksDB alone loses events silently, and even opens forever, in some of these cases.
 */
class DamagedLogTest {
  private static final int[] FLIPS = {0x01, 0x04, 0xFF};
  private static final int BLOCK = 32 * 1024;

  @TempDir private Path parent;
  private Path original;
  private Path copy;
  private final Acknowledged acknowledged = new Acknowledged();

  @BeforeEach
  void write() throws IOException {
    original = parent.resolve("original");
    copy = parent.resolve("copy");
    Random random = new Random(1);
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(original)) {
      SessionKey a = StoreData.key("a");
      SessionKey b = StoreData.key("b");
      acknowledged.create(store, a);
      acknowledged.create(store, b);
      for (int i = 0; i < 4; i++) {
        acknowledged.append(store, a, StoreData.segment(1 + 2 * i, 2, 60, false, random));
        acknowledged.append(store, b, StoreData.segment(1 + i, 1, 40, false, random));
      }
      acknowledged.append(store, a, StoreData.segment(9, 100, 2 * BLOCK, false, random));
      acknowledged.append(store, a, StoreData.segment(109, 1, 50, false, random));
    }
    assertThat(Directories.files(original, "\\d+\\.sst")).isEmpty();
    Directories.copy(original, copy);
  }

  @Test
  void aFlippedByteOfTheWal_isRefused() throws IOException {
    Path wal = wal();
    byte[] bytes = Files.readAllBytes(wal);
    int lastBlock = bytes.length / BLOCK * BLOCK;
    Random random = new Random();
    // Every byte of the small records, of the headers behind them, and of the last block.
    IntPredicate matters =
        at -> at < 1_000 || at % BLOCK < 100 || at >= lastBlock || random.nextInt(100) == 0;
    assertEveryFlipIsRefused(wal, matters);
  }

  @Test
  void aFlippedByteOfTheManifest_isRefused() throws IOException {
    assertEveryFlipIsRefused(Directories.files(original, "MANIFEST-\\d+").get(0), at -> true);
  }

  private void assertEveryFlipIsRefused(Path file, IntPredicate matters) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (FileChannel damaged =
        FileChannel.open(copy.resolve(file.getFileName()), StandardOpenOption.WRITE)) {
      for (int at = 0; at < bytes.length; at++) {
        if (matters.test(at)) {
          for (int flip : FLIPS) {
            damaged.write(ByteBuffer.wrap(new byte[] {(byte) (bytes[at] ^ flip)}), at);
            assertRefused("byte " + at + " ^ " + flip);
          }
          damaged.write(ByteBuffer.wrap(bytes, at, 1), at);
        }
      }
    }
    assertThat(reopen()).isEqualTo(Found.ALL);
  }

  private void assertRefused(String what) {
    assertThatThrownBy(this::reopen)
        .as(what)
        .isInstanceOfSatisfying(
            SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.CORRUPT))
        .hasMessageContaining("restore")
        .hasMessageContaining("backup");
  }

  @Test
  void aWalCutOffAnywhere_opensWithAPrefix() throws IOException {
    byte[] bytes = Files.readAllBytes(wal());
    Path torn = copy.resolve(wal().getFileName());
    Random random = new Random();
    for (int length = 0; length < bytes.length; length++) {
      boolean interesting = length < 300 || length % BLOCK < 10 || length > bytes.length - 10;
      if (random.nextInt(interesting ? 8 : 5_000) == 0) {
        Directories.copy(original, copy);
        Files.write(torn, Arrays.copyOf(bytes, length));
        assertThat(reopen()).as("cut off at " + length).isEqualTo(Found.A_PREFIX);
      }
    }
  }

  @Test
  void aWriteThatWasCutOff_isGone_andAllBeforeItIsThere() throws IOException {
    byte[] bytes = Files.readAllBytes(wal());
    // The head of a record that is longer than what follows it.
    byte[] torn = Arrays.copyOf(bytes, bytes.length + 500);
    System.arraycopy(bytes, 0, torn, bytes.length, 7);
    torn[bytes.length + 4] = (byte) 0xFF;
    torn[bytes.length + 5] = 0x10;
    Files.write(copy.resolve(wal().getFileName()), torn);
    assertThat(reopen()).isEqualTo(Found.ALL);
  }

  /** No log is begun before the one before it is whole, so that one of two is damaged. */
  @Test
  void aCutOffWal_beforeOneThatWasBegun_isRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(wal());
    Files.write(copy.resolve(wal().getFileName()), Arrays.copyOf(bytes, bytes.length - 10));
    Path later = copy.resolve("000999.log");
    for (int length : new int[] {1, 6, 50}) {
      Files.write(later, Arrays.copyOf(bytes, length));
      assertRefused("before one of " + length + " bytes");
    }
    Files.write(later, new byte[0]);
    assertThat(reopen()).isEqualTo(Found.A_PREFIX);
  }

  @Test
  void aMissingTable_isRefused() throws IOException {
    reopen();
    for (Path table : Directories.files(copy, "\\d+\\.sst")) {
      Path moved = Files.move(table, copy.resolve("moved"));
      assertRefused("without " + table);
      Files.move(moved, table);
    }
  }

  @Test
  void aMissingCurrentFile_isRefused_insteadOfStartingAnew() throws IOException {
    Files.delete(copy.resolve("CURRENT"));
    List<Path> before = Directories.files(copy, ".*\\.(log|sst)");
    assertRefused("without CURRENT");
    assertThat(Directories.files(copy, ".*\\.(log|sst)")).isEqualTo(before);
  }

  private Found reopen() {
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(copy)) {
      return acknowledged.compare(store);
    }
  }

  private Path wal() throws IOException {
    return Directories.files(original, "\\d+\\.log").get(0);
  }
}
