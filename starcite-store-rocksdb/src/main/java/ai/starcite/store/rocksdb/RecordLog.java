package ai.starcite.store.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads one of RocksDB's record logs, a WAL or a MANIFEST, and tells a write that was cut off from
 * damage.
 *
 * <p>RocksDB cannot: where a damaged length points behind the end of the file, or a damaged type
 * says that the record is left over from a recycled file, it takes that for the end of the log and
 * drops, silently, what was acknowledged. So this class reads the file first.
 *
 * <p>The file consists of blocks of 32 KiB, a block of fragments, a record of one fragment or more.
 * A fragment is a masked CRC-32C of all that follows it, a length, a type and data, little-endian.
 * Fragments do not cross blocks, and the last bytes of a block are left over if no header fits.
 */
final class RecordLog {
  private static final int BLOCK = 32 * 1024;
  private static final int HEADER = 7;
  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;

  private static final int CRC_MASK_DELTA = 0xa282ead8;
  private static final int PAGE = 4096;
  private static final byte[] NOTHING = new byte[PAGE];

  /** Fewer zeros, where the file ends soon after a page has begun, may be data. */
  private static final int UNWRITTEN = 8;

  /**
   * What was found.
   *
   * @param end where the last complete record ends
   * @param size the size of the file
   * @param state whether something follows that end, and what
   * @param at where the first fragment is that cannot be read
   */
  record Verdict(long end, long size, State state, long at) {}

  /** The states of a log. */
  enum State {
    /** Complete records only. */
    WHOLE,
    /** Complete records and, behind them, one write that was cut off. */
    TORN,
    /** Something else, which no cut-off write explains. */
    DAMAGED
  }

  private final FileChannel file;
  private final ByteBuffer buffer = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private final byte[] block = buffer.array();

  /** Where the block in the buffer begins in the file. */
  private long base;

  /** How much of the buffer is filled. */
  private int filled;

  private RecordLog(FileChannel file) {
    this.file = file;
  }

  /** Reads a file from its beginning to its end. */
  static Verdict judge(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      return new RecordLog(file).judge();
    }
  }

  private Verdict judge() throws IOException {
    long size = file.size();
    long end = 0;
    boolean inRecord = false;
    for (long at = 0; at < size; at += BLOCK) {
      load(at);
      int position = 0;
      while (filled - position >= HEADER) {
        int type = intactType(position);
        boolean expected =
            inRecord ? type == MIDDLE || type == LAST : type == FULL || type == FIRST;
        if (!expected) {
          State state = type == 0 && isCutOff(position, inRecord) ? State.TORN : State.DAMAGED;
          return new Verdict(end, size, state, at + position);
        }
        position += HEADER + length(position);
        inRecord = type == FIRST || type == MIDDLE;
        end = inRecord ? end : at + position;
      }
      if (filled < BLOCK && position < filled) {
        return new Verdict(end, size, State.TORN, at + position);
      }
    }
    return new Verdict(end, size, inRecord ? State.TORN : State.WHOLE, size);
  }

  private void load(long at) throws IOException {
    base = at;
    buffer.clear();
    while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) >= 0) {
      // A read may return less than was asked for.
    }
    filled = buffer.position();
  }

  private int length(int position) {
    return buffer.getShort(position + 4) & 0xFFFF;
  }

  /** The type of the fragment at the position, or 0 if it is not a complete one with that CRC. */
  private int intactType(int position) {
    int end = position + HEADER + length(position);
    if (end > filled) {
      return 0;
    }
    CRC32C crc = new CRC32C();
    crc.update(block, position + 6, end - position - 6);
    int type = block[position + 6];
    return (int) crc.getValue() == storedCrc(position) && type >= FULL && type <= LAST ? type : 0;
  }

  private int storedCrc(int position) {
    return Integer.rotateLeft(buffer.getInt(position) - CRC_MASK_DELTA, 15);
  }

  /**
   * Whether the unreadable fragment at the position, in the block that is loaded, is what remains
   * of a write that never ended: the file ends within it, or a page of it is still empty; and no
   * later write has begun, as none does before this one is synced.
   */
  private boolean isCutOff(int position, boolean inRecord) throws IOException {
    int end = position + HEADER + length(position);
    boolean endsBehindFile = filled < BLOCK && end > filled && end <= BLOCK;
    boolean explained =
        endsBehindFile && isPlausible(position, inRecord)
            ? !isCompleteButForItsLength(position)
            : hasUnwrittenPage(position);
    if (!explained || beginsRecord(position)) {
      return false;
    }
    long size = file.size();
    for (long at = base + BLOCK; at < size; at += BLOCK) {
      load(at);
      if (beginsRecord(0)) {
        return false;
      }
    }
    return true;
  }

  /** Whether RocksDB may have written that header there: all but the last fill their block. */
  private boolean isPlausible(int position, boolean inRecord) {
    int type = block[position + 6];
    return type == (inRecord ? MIDDLE : FIRST)
        ? position + HEADER + length(position) == BLOCK
        : type == (inRecord ? LAST : FULL);
  }

  /** Whether the CRC fits some shorter length, so that the length is what was damaged. */
  private boolean isCompleteButForItsLength(int position) {
    int stored = storedCrc(position);
    CRC32C crc = new CRC32C();
    for (int i = position + 6; i < filled; i++) {
      crc.update(block[i]);
      if ((int) crc.getValue() == stored) {
        return true;
      }
    }
    return false;
  }

  /** Whether a page of the block, or what the fragment has of its first one, is still empty. */
  private boolean hasUnwrittenPage(int position) {
    int to;
    for (int from = position; from < filled; from = to) {
      to = Math.min(filled, (from / PAGE + 1) * PAGE);
      if (to - from >= fewestZeros(position, from, to)
          && Arrays.equals(block, from, to, NOTHING, 0, to - from)) {
        return true;
      }
    }
    return false;
  }

  private int fewestZeros(int position, int from, int to) {
    if (from > position) {
      return UNWRITTEN;
    }
    // A page's last bytes can be less than a header, the rest of which is in the next page.
    return to < filled ? 1 : HEADER;
  }

  /** Whether an intact record begins anywhere in the block, from the position on. */
  private boolean beginsRecord(int position) {
    for (int at = position; filled - at >= HEADER; at++) {
      int type = block[at + 6];
      if ((type == FULL || type == FIRST) && intactType(at) != 0) {
        return true;
      }
    }
    return false;
  }
}
