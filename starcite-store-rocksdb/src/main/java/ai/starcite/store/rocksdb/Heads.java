package ai.starcite.store.rocksdb;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The heads of the sessions that were written to lately, so that most commands are decided without
 * a read. It belongs to the committer, and may run ahead of the database during a batch only. Not
 * thread-safe.
 */
final class Heads {
  /** What a command is checked against. */
  static final class Head {
    static final long UNKNOWN = 0;

    final String incarnation;

    /** What the keys of its segments begin with; null as long as no append was written. */
    byte @Nullable [] incarnationBytes;

    /** The seq of the next event, or {@link #UNKNOWN} as long as no append has asked. */
    long nextSeq;

    long version;
    boolean sealed;

    Head(String incarnation, long nextSeq, long version, boolean sealed) {
      this.incarnation = incarnation;
      this.nextSeq = nextSeq;
      this.version = version;
      this.sealed = sealed;
    }
  }

  private static final int MAX = 65_536;
  private static final float LOAD_FACTOR = 0.75f;

  private final Map<String, Head> bySession = new LinkedHashMap<>(16, LOAD_FACTOR, true);

  @Nullable Head get(String sessionId) {
    return bySession.get(sessionId);
  }

  void put(String sessionId, Head head) {
    bySession.put(sessionId, head);
  }

  void remove(String sessionId) {
    bySession.remove(sessionId);
  }

  /** Forgets everything, because the database may hold something else. */
  void clear() {
    bySession.clear();
  }

  /** Forgets the heads that were not used for longest. Between batches only. */
  void trim() {
    Iterator<Head> oldest = bySession.values().iterator();
    for (int surplus = bySession.size() - MAX; surplus > 0; surplus--) {
      oldest.next();
      oldest.remove();
    }
  }
}
