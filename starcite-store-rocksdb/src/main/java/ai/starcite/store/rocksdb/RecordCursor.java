package ai.starcite.store.rocksdb;

import ai.starcite.spi.SessionRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * Walks over the records of a {@link View} whose ids start with a prefix, in the order of the ids'
 * UTF-8 bytes. Stands on a record as long as {@link #isValid()}; a read that failed throws, and
 * never looks like the end. Not thread-safe.
 */
final class RecordCursor implements AutoCloseable {
  private final byte[] prefix;
  private final @Nullable Slice upper;
  private final ReadOptions options;
  private final RocksIterator iterator;

  /** The key that the cursor has left, or null at the first one. */
  private byte @Nullable [] before;

  RecordCursor(String prefix, Database database, ReadOptions view) {
    this.prefix = Keys.record(prefix);
    byte[] end = Keys.prefixEnd(this.prefix);
    this.upper = end == null ? null : new Slice(end);
    this.options = new ReadOptions(view);
    if (upper != null) {
      options.setIterateUpperBound(upper);
    }
    this.iterator = database.iterator(Family.RECORDS, options);
  }

  void seekToFirst() {
    iterator.seek(prefix);
    check();
  }

  /** Goes to the first record behind the id, and not before the prefix. */
  void seekBehind(String sessionId) {
    before = Keys.record(sessionId);
    byte[] behind = Keys.next(before);
    iterator.seek(Arrays.compareUnsigned(behind, prefix) > 0 ? behind : prefix);
    check();
  }

  void next() {
    before = iterator.key();
    iterator.next();
    check();
  }

  boolean isValid() {
    return iterator.isValid();
  }

  SessionRecord record() {
    String id = new String(iterator.key(), StandardCharsets.UTF_8);
    return View.decode("the record of session " + id, iterator.value());
  }

  private void check() {
    if (!iterator.isValid()) {
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw Failures.reading("the list of sessions" + where(), e);
      }
    }
  }

  private String where() {
    return before == null ? "" : " behind " + new String(before, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    iterator.close();
    options.close();
    if (upper != null) {
      upper.close();
    }
  }
}
