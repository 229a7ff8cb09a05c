package ai.starcite.benchmarks.measure;

/** Something that is measured once a round, in turn with others. */
public interface Workload extends AutoCloseable {

  /** What it is, for those who watch the run. */
  String name();

  /** Runs once and notes what it found. */
  void measure(Figures figures) throws Exception;

  /** Releases what it has kept between rounds. */
  @Override
  default void close() throws Exception {}
}
