package ai.starcite.store.rocksdb;

import ai.starcite.spi.Segment;
import java.nio.ByteBuffer;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The native memory in which one batch after the other is put together. To take and return a
 * megabyte for each, and to touch all its pages anew, would cost more than to fill it. Not
 * thread-safe.
 */
final class BatchMemory implements AutoCloseable {
  /** More than this is given back when its batch is written. */
  private static final long KEPT_BYTES = 8 * 1024 * 1024;

  /** Larger segments, which are single batches of callers, take the way over an array. */
  private static final int LARGEST_VALUE = 2 * 1024 * 1024;

  private final ByteBuffer key = ByteBuffer.allocateDirect(Keys.SEGMENT_BYTES);
  private ByteBuffer value = ByteBuffer.allocateDirect(1024);
  private WriteBatch writes = new WriteBatch();

  /** An empty batch, which is the same as the last one. */
  WriteBatch empty() {
    if (writes.getDataSize() > KEPT_BYTES) {
      writes.close();
      writes = new WriteBatch();
    } else {
      writes.clear();
    }
    return writes;
  }

  /** Adds a segment to the batch. */
  void put(ColumnFamilyHandle family, byte[] segmentKey, Segment segment) throws RocksDBException {
    int length = segment.length();
    if (length > LARGEST_VALUE) {
      writes.put(family, segmentKey, segment.bytes());
      return;
    }
    if (length > value.capacity()) {
      value = ByteBuffer.allocateDirect(Integer.highestOneBit(length - 1) << 1);
    }
    key.clear().put(segmentKey).flip();
    value.clear().put(segment.array(), segment.offset(), length).flip();
    writes.put(family, key, value);
  }

  @Override
  public void close() {
    writes.close();
  }
}
