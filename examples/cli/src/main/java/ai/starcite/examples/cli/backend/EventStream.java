package ai.starcite.examples.cli.backend;

import ai.starcite.Event;
import java.util.Iterator;

/** Events in order. {@link #hasNext} waits for one and is false at the end. */
public interface EventStream extends Iterator<Event>, AutoCloseable {

  /** Whether {@link #next} would not have to wait, as far as is known. */
  boolean isReady();

  @Override
  void close();
}
