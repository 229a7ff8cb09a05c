package ai.starcite;

import ai.starcite.internal.cursor.DirectoryCursorStore;
import ai.starcite.internal.cursor.MemoryCursorStore;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps how far the readers of sessions have come, for {@link SessionLog#resume}. A reader is
 * anything that has a place of its own in a session: a worker, a projection, a tab of a browser.
 * Its name stays the same across restarts.
 *
 * <p>Implement it to keep cursors in a database of your own. All methods are safe for use by many
 * threads. They throw {@link SessionLogException}: {@code INVALID} for a session id or a reader
 * that is not 1 to 256 bytes of UTF-8 without control characters, {@code STORE_UNAVAILABLE} if the
 * cursor could not be read or written.
 */
public interface CursorStore {

  /**
   * A store that forgets everything with the process.
   *
   * @return an empty store
   */
  static CursorStore inMemory() {
    return new MemoryCursorStore();
  }

  /**
   * A store of one small file for each reader of a session. A cursor is on disk when {@code save}
   * returns, and a crash at any moment leaves the old one or the new one as a whole. A damaged file
   * fails with {@code CORRUPT} until it is forgotten, so that no reader starts over unnoticed.
   *
   * <p>Ids may hold anything: a file is named after a hash of them, and its content tells which
   * they are. Several processes may share the directory; what is saved last counts. A crash within
   * {@code save} may leave a file that ends in {@code .tmp}, which nobody needs.
   *
   * @param directory where the files are; created if need be
   * @return a store over the directory
   * @throws SessionLogException {@code STORE_UNAVAILABLE} if it cannot be used
   */
  static CursorStore inDirectory(Path directory) {
    return DirectoryCursorStore.open(directory);
  }

  /**
   * Reads a cursor.
   *
   * @param sessionId the session
   * @param reader who reads it
   * @return the cursor that was saved last, or empty if there is none
   * @throws SessionLogException {@code CORRUPT} if what was saved is damaged
   */
  Optional<Cursor> load(String sessionId, String reader);

  /**
   * Saves a cursor in place of the one before.
   *
   * @param sessionId the session
   * @param reader who reads it
   * @param cursor how far it has come
   */
  void save(String sessionId, String reader, Cursor cursor);

  /**
   * Forgets a cursor, a damaged one too: the reader starts over. Nothing happens if there is none.
   *
   * @param sessionId the session
   * @param reader who reads it
   */
  void forget(String sessionId, String reader);
}
