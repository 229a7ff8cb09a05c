package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.SessionKey;
import ai.starcite.store.rocksdb.RecordLog.State;
import ai.starcite.store.rocksdb.RecordLog.Verdict;
import ai.starcite.testkit.contract.StoreData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a WAL that RocksDB has written is judged, after everything that may happen to it. */
class RecordLogTest {
  private static final int PAGE = 4096;
  private static final int BLOCK = 32 * 1024;
  private static final int HEADER = 7;
  private static final byte FULL = 1;
  private static final int CRC_MASK_DELTA = 0xa282ead8;

  @TempDir private Path parent;
  private Path file;
  private byte[] bytes;

  /** The sizes of the WAL after each write. */
  private final NavigableSet<Long> ends = new TreeSet<>();

  @BeforeEach
  void write() throws IOException {
    file = parent.resolve("log");
    Path directory = parent.resolve("store");
    Random random = new Random(1);
    SessionKey key = StoreData.key("a");
    ends.add(0L);
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(directory)) {
      Path wal = Directories.files(directory, "\\d+\\.log").get(0);
      StoreData.await(store.create(StoreData.record(key)));
      ends.add(Files.size(wal));
      long seq = 1;
      for (int size : new int[] {10, 100, 1_000, 90_000, 20, 3_000, 40_000}) {
        StoreData.await(store.append(key, StoreData.segment(seq++, 1, size, false, random)));
        ends.add(Files.size(wal));
      }
      bytes = Files.readAllBytes(wal);
    }
    assertThat(ends).hasSize(9).contains((long) bytes.length);
  }

  @Test
  void aLogAsItWasWritten_isWhole() throws IOException {
    assertThat(judge(bytes))
        .isEqualTo(new Verdict(bytes.length, bytes.length, State.WHOLE, bytes.length));
    assertThat(judge(new byte[0])).isEqualTo(new Verdict(0, 0, State.WHOLE, 0));
  }

  @Test
  void aLogThatIsCutOff_endsWithItsLastCompleteRecord() throws IOException {
    for (int length = 0; length < bytes.length; length += isNearAnEnd(length) ? 1 : 97) {
      Verdict verdict = judge(Arrays.copyOf(bytes, length));
      long end = ends.floor((long) length);
      assertThat(verdict.end()).as("cut off at %d", length).isEqualTo(end);
      assertThat(verdict.state()).isEqualTo(end == length ? State.WHOLE : State.TORN);
    }
  }

  @Test
  void aFlippedBit_isDamage_andNeverACutOffWrite() throws IOException {
    for (int at = 0; at < bytes.length; at += isNearAnEnd(at) ? 1 : 997) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << bit);
        assertThat(judge(flipped).state()).as("byte %d, bit %d", at, bit).isEqualTo(State.DAMAGED);
      }
    }
  }

  /** A length that points behind the file, as garbage often does, is not a cut-off write yet. */
  @Test
  void garbageInTheLastRecord_isDamage() throws IOException {
    Random random = new Random(1);
    byte[] small = Arrays.copyOf(bytes, ends.lower((long) bytes.length).intValue());
    for (byte[] log : new byte[][] {small, bytes}) {
      int start = ends.lower((long) log.length).intValue();
      for (int length : new int[] {2, 7, 16, 512}) {
        int torn = 0;
        for (int i = 0; i < 1_000; i++) {
          byte[] garbage = new byte[Math.min(length, log.length - start)];
          random.nextBytes(garbage);
          byte[] damaged = log.clone();
          System.arraycopy(garbage, 0, damaged, start, garbage.length);
          torn += judge(damaged).state() == State.TORN ? 1 : 0;
        }
        // Garbage is a header of that place now and then.
        assertThat(torn).as("%d bytes at %d", length, start).isLessThan(10);
      }
    }
  }

  @Test
  void zerosBehindTheLastRecord_areAWriteThatWasCutOff() throws IOException {
    for (int zeros : new int[] {1, 6, 7, 64, 5_000, 70_000}) {
      Verdict verdict = judge(Arrays.copyOf(bytes, bytes.length + zeros));
      assertThat(verdict.end()).isEqualTo(bytes.length);
      assertThat(verdict.state()).as("%d zeros", zeros).isEqualTo(State.TORN);
    }
  }

  @Test
  void aPageOfTheLastRecordThatWasNeverWritten_isAWriteThatWasCutOff() throws IOException {
    long start = ends.lower((long) bytes.length);
    for (int page = (int) (start / PAGE + 1) * PAGE; page + PAGE < bytes.length; page += PAGE) {
      Verdict verdict = judge(withoutPage(page));
      assertThat(verdict.end()).isEqualTo(start);
      assertThat(verdict.state()).as("page at %d", page).isEqualTo(State.TORN);
    }
  }

  @Test
  void aPageBeforeTheLastRecordThatIsEmpty_isDamage() throws IOException {
    long start = ends.lower((long) bytes.length);
    for (int page = 0; page + PAGE <= start; page += PAGE) {
      assertThat(judge(withoutPage(page)).state()).as("page at %d", page).isEqualTo(State.DAMAGED);
    }
  }

  @Test
  void aPageThatHasOnlyABitOfTheLastRecord_canBeUnwrittenToo() throws IOException {
    for (int before = 1; before <= HEADER; before++) {
      byte[] log = lastRecord(PAGE - before, 3_000);
      Arrays.fill(log, PAGE - before, PAGE, (byte) 0);
      assertThat(judge(log))
          .as("begins %d bytes before it ends", before)
          .isEqualTo(new Verdict(PAGE - before, log.length, State.TORN, PAGE - before));
    }
    for (int behind = 8; behind < 70; behind++) {
      byte[] log = lastRecord(PAGE - 1_000, 1_000 - HEADER + behind);
      Arrays.fill(log, PAGE, log.length, (byte) 0);
      assertThat(judge(log))
          .as("ends %d bytes after it begins", behind)
          .isEqualTo(new Verdict(PAGE - 1_000, log.length, State.TORN, PAGE - 1_000));
    }
  }

  /** A log of two records, the last of which begins at a given byte. */
  private static byte[] lastRecord(int at, int length) {
    Random random = new Random(1);
    ByteBuffer log = ByteBuffer.allocate(at + HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
    for (int size : new int[] {at - HEADER, length}) {
      byte[] data = new byte[size];
      random.nextBytes(data);
      CRC32C crc = new CRC32C();
      crc.update(FULL);
      crc.update(data);
      int masked = Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK_DELTA;
      log.putInt(masked).putShort((short) size).put(FULL).put(data);
    }
    return log.array();
  }

  /** Whether a header of a record, or of a block, is near. */
  private boolean isNearAnEnd(int at) {
    return at % BLOCK < 10 || at % BLOCK > BLOCK - 10 || ends.floor((long) at) > at - 10;
  }

  private byte[] withoutPage(int at) {
    byte[] holed = bytes.clone();
    Arrays.fill(holed, at, at + PAGE, (byte) 0);
    return holed;
  }

  private Verdict judge(byte[] log) throws IOException {
    Files.write(file, log);
    return RecordLog.judge(file);
  }
}
