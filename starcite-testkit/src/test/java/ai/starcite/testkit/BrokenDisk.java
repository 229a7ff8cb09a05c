package ai.starcite.testkit;

import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What outlives a {@link BrokenStore}; guarded by its own monitor. */
final class BrokenDisk {
  private static final Map<String, BrokenDisk> BY_NAMESPACE = new ConcurrentHashMap<>();

  private static final Comparator<String> BY_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  final TreeMap<String, Life> lives = new TreeMap<>(BY_BYTES);

  /** What was deleted, for those who cannot let go of it. */
  final Map<String, Life> deleted = new HashMap<>();

  /** Who has appended what was not synced yet, the earliest first. */
  final List<Life> unsynced = new ArrayList<>();

  /** One life of a session. */
  static final class Life {
    final SessionRecord first;
    final TreeMap<Long, Segment> segments = new TreeMap<>();
    SessionRecord record;
    long nextSeq = 1;

    /** How many events came again in segments that were stored already. */
    long repeated;

    @Nullable StateCheckpoint checkpoint;

    /** The life of the id before this one, where that is what is read. */
    @Nullable Life old;

    Life(SessionRecord record) {
      this.first = record;
      this.record = record;
    }

    /** Takes the last segment away. */
    void loseLast() {
      if (!segments.isEmpty()) {
        nextSeq = segments.pollLastEntry().getKey();
      }
    }
  }

  static BrokenDisk of(Namespace namespace) {
    return BY_NAMESPACE.computeIfAbsent(namespace.name(), name -> new BrokenDisk());
  }

  static void remove(Namespace namespace) {
    BY_NAMESPACE.remove(namespace.name());
  }

  /** What a store finds when it opens. */
  synchronized void open(StoreDefect defect) {
    if (defect == StoreDefect.DELETE_FORGOTTEN) {
      deleted.forEach(lives::putIfAbsent);
    } else if (defect == StoreDefect.NEXT_SEQ_COUNTS_SEGMENTS) {
      lives.values().forEach(life -> life.nextSeq = life.segments.size() + 1L);
    } else if (defect == StoreDefect.REPEATED_APPEND_COUNTED_LATER) {
      lives.values().forEach(life -> life.nextSeq += life.repeated);
    }
  }

  /** What a crash does. */
  synchronized void crash(StoreDefect defect) {
    if (defect == StoreDefect.ACKNOWLEDGED_BEFORE_DURABLE) {
      unsynced.forEach(Life::loseLast);
      unsynced.clear();
    } else if (defect == StoreDefect.LOST_TAIL) {
      lives.values().stream()
          .filter(life -> !life.segments.isEmpty())
          .filter(life -> life.segments.lastEntry().getValue().count() > 1)
          .forEach(Life::loseLast);
    } else if (defect == StoreDefect.CREATE_NOT_DURABLE) {
      lives.values().removeIf(life -> life.segments.isEmpty());
    } else if (defect == StoreDefect.UPDATE_NOT_DURABLE) {
      lives.values().forEach(life -> life.record = life.first);
    }
  }

  synchronized void sync() {
    unsynced.clear();
  }
}
