package ai.starcite.spi;

import java.util.List;

/** How a read ended. */
public sealed interface ReadOutcome {

  /**
   * Segments in order, without holes between them.
   *
   * @param segments the segments; empty at the head
   */
  record Segments(List<Segment> segments) implements ReadOutcome {}

  /** The session was deleted; its id may have a new life. */
  record Gone() implements ReadOutcome {}
}
