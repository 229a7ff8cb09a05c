package ai.starcite.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;

/** A system that can store events durably, set up as carefully as the others. */
public interface Contender extends AutoCloseable {

  /** Its name in tables and charts. */
  String name();

  /** An empty store, below a directory that is empty. */
  Store open(Path directory) throws Exception;

  /** How many writers to use where the system may choose. */
  default int writers() {
    return 1;
  }

  /** Stops what was started. */
  @Override
  default void close() throws Exception {}

  /** A store that is open. Thread-safe. */
  interface Store extends AutoCloseable {

    /** Prepares a session, where the system wants that. */
    default void create(String session) {}

    /** What one thread writes with. */
    Writer writer() throws Exception;

    @Override
    void close() throws Exception;
  }

  /** Writes events, each of which is durable, and in its place in its session, on return. */
  interface Writer extends AutoCloseable {

    /** Stores an event. */
    void append(Entry entry) throws Exception;

    /** Stores several events, with one sync. */
    void appendAll(List<Entry> entries) throws Exception;

    @Override
    default void close() throws Exception {}
  }
}
