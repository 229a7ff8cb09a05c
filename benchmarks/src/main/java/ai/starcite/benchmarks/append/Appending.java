package ai.starcite.benchmarks.append;

import ai.starcite.benchmarks.measure.Directories;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.benchmarks.peers.Contender;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Appends to a store that is new in each round, so that nothing of the round before is going on.
 */
abstract class Appending<C extends Contender> implements Workload {
  final C contender;
  final Duration measured;
  private final String workload;
  private final Path directory;

  Appending(C contender, Path directory, String workload, Duration measured) {
    this.contender = contender;
    this.directory = directory;
    this.workload = workload;
    this.measured = measured;
  }

  @Override
  public String name() {
    return workload + ", " + contender.name();
  }

  @Override
  public void measure(Figures figures) throws Exception {
    Path empty = Directories.empty(directory, "store");
    try (Contender.Store store = contender.open(empty)) {
      run(store, figures, "append/" + workload + "/" + contender.name());
    }
    Directories.delete(empty);
  }

  /** Appends for a while and notes what came of it below a name. */
  abstract void run(Contender.Store store, Figures figures, String name) throws Exception;
}
