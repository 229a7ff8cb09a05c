package ai.starcite.store.memory;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One life of one session. Thread-safe. */
final class MemorySession {
  private final SessionKey key;
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private final CopyOnWriteArrayList<Runnable> watches = new CopyOnWriteArrayList<>();
  private SessionRecord record;
  private long nextSeq = 1;
  private boolean deleted;
  private @Nullable StateCheckpoint checkpoint;

  MemorySession(SessionRecord record) {
    this.key = record.key();
    this.record = record;
  }

  SessionKey key() {
    return key;
  }

  SessionRecord record() {
    lock.lock();
    try {
      return record;
    } finally {
      lock.unlock();
    }
  }

  StoredSession stored() {
    lock.lock();
    try {
      return new StoredSession(record, nextSeq, Optional.ofNullable(checkpoint));
    } finally {
      lock.unlock();
    }
  }

  AppendOutcome append(Segment segment) {
    lock.lock();
    try {
      if (deleted) {
        return new AppendOutcome.Gone();
      }
      Segment there = segments.get(segment.firstSeq());
      if (there != null && there.token().equals(segment.token())) {
        return new AppendOutcome.Committed();
      }
      if (segment.firstSeq() != nextSeq) {
        return new AppendOutcome.Conflict(nextSeq);
      }
      if (record.sealed()) {
        return new AppendOutcome.Sealed();
      }
      segments.put(nextSeq, segment);
      nextSeq = segment.nextSeq();
      if (segment.seals()) {
        record = record.sealedBy(segment);
      }
    } finally {
      lock.unlock();
    }
    watches.forEach(Runnable::run);
    return new AppendOutcome.Committed();
  }

  ReadOutcome read(long fromSeq, int maxBytes) {
    lock.lock();
    try {
      if (deleted) {
        return new ReadOutcome.Gone();
      }
      Map.Entry<Long, Segment> first = segments.floorEntry(fromSeq);
      if (first == null || (fromSeq >= nextSeq && !first.getKey().equals(fromSeq))) {
        return new ReadOutcome.Segments(List.of());
      }
      List<Segment> read = new ArrayList<>();
      long bytes = 0;
      for (Segment segment : segments.tailMap(first.getKey()).values()) {
        bytes += segment.length();
        if (!read.isEmpty() && bytes > maxBytes) {
          break;
        }
        read.add(segment);
      }
      return new ReadOutcome.Segments(List.copyOf(read));
    } finally {
      lock.unlock();
    }
  }

  UpdateOutcome update(SessionRecord next, long expectedVersion) {
    lock.lock();
    try {
      if (deleted) {
        return new UpdateOutcome.Gone();
      }
      if (record.token().equals(next.token())) {
        return new UpdateOutcome.Updated();
      }
      if (record.version() != expectedVersion) {
        return new UpdateOutcome.Conflict(record);
      }
      record = next;
      return new UpdateOutcome.Updated();
    } finally {
      lock.unlock();
    }
  }

  void keep(StateCheckpoint newer) {
    lock.lock();
    try {
      checkpoint = newer;
    } finally {
      lock.unlock();
    }
  }

  void delete() {
    lock.lock();
    try {
      deleted = true;
      segments.clear();
    } finally {
      lock.unlock();
    }
    watches.forEach(Runnable::run);
  }

  void watch(Runnable hint) {
    watches.add(hint);
  }

  void unwatch(Runnable hint) {
    watches.remove(hint);
  }
}
