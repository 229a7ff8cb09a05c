package ai.starcite.store.rocksdb;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The commands that may have been written by an attempt that failed. Until the database was asked,
 * no repetition of them can be answered "never written". Thread-safe; bounded: beyond the bound
 * every command counts as unsettled.
 */
final class Unsettled {
  private static final int MAX = 65_536;

  private final Set<Object> identities = ConcurrentHashMap.newKeySet();
  private volatile boolean overflowed;

  void add(Command<?> command) {
    Object identity = command.identity();
    if (identity != null && identities.size() < MAX) {
      identities.add(identity);
    } else if (identity != null) {
      overflowed = true;
    }
  }

  void remove(Command<?> command) {
    Object identity = command.identity();
    if (identity != null && !identities.isEmpty()) {
      identities.remove(identity);
    }
  }

  boolean contains(Command<?> command) {
    Object identity = command.identity();
    return identity != null && (overflowed || identities.contains(identity));
  }
}
