package ai.starcite.benchmarks;

import ai.starcite.benchmarks.measure.Figures;

/** A part of the comparison, which has a process of its own. */
public interface Section {

  /** What the section is called on the command line. */
  String name();

  /** Measures all of it. */
  void run(Environment environment, Figures figures) throws Exception;
}
