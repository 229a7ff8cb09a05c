package ai.starcite.testkit.contract;

import ai.starcite.Cursor;
import ai.starcite.CursorStore;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Cursors in memory, which remember each save, and fail when the test wants them to. */
final class RecordingCursors implements CursorStore {
  private final CursorStore cursors = CursorStore.inMemory();
  private final List<Long> saves = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();

  /** The seqs that were saved, in order. */
  List<Long> saves() {
    return saves;
  }

  /** Lets so many saves fail. */
  void failNext(int times) {
    failures.set(times);
  }

  @Override
  public Optional<Cursor> load(String sessionId, String reader) {
    return cursors.load(sessionId, reader);
  }

  @Override
  public void save(String sessionId, String reader, Cursor cursor) {
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new SessionLogException(Code.STORE_UNAVAILABLE, "the disk of cursors is full");
    }
    cursors.save(sessionId, reader, cursor);
    saves.add(cursor.seq());
  }

  @Override
  public void forget(String sessionId, String reader) {
    cursors.forget(sessionId, reader);
  }
}
