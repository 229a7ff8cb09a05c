package ai.starcite.examples.quickstart;

import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import ai.starcite.chat.Message;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.nio.file.Path;

/** Appends to a session, in a JVM of its own, until it is killed. */
final class CrashingWriter {
  private CrashingWriter() {}

  /** The n-th event. A retry has to append an equal one, so it is made from its number alone. */
  static NewEvent event(long n) {
    return NewEvent.of(Message.assistant("Step " + n + " of the migration is done."))
        .withAgent("migrator")
        .withProducer("migrator", n);
  }

  /** Takes the folder of the store and the id of the session, and says what was acknowledged. */
  public static void main(String[] args) {
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(Path.of(args[0])))) {
      // Ends with its parent, since its output then fails.
      for (long n = 1; !System.out.checkError(); n++) {
        log.append(args[1], event(n));
        System.out.println("acknowledged " + n);
      }
    }
  }
}
