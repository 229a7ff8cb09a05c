package ai.starcite.internal.cursor;

import ai.starcite.Cursor;
import ai.starcite.CursorStore;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Cursors in the memory of the process. */
public final class MemoryCursorStore implements CursorStore {
  private final Map<ReaderKey, Cursor> cursors = new ConcurrentHashMap<>();

  @Override
  public Optional<Cursor> load(String sessionId, String reader) {
    return Optional.ofNullable(cursors.get(ReaderKey.of(sessionId, reader)));
  }

  @Override
  public void save(String sessionId, String reader, Cursor cursor) {
    cursors.put(ReaderKey.of(sessionId, reader), Objects.requireNonNull(cursor, "cursor"));
  }

  @Override
  public void forget(String sessionId, String reader) {
    cursors.remove(ReaderKey.of(sessionId, reader));
  }
}
