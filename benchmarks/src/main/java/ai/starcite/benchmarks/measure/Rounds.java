package ai.starcite.benchmarks.measure;

import java.util.List;

/**
 * Lets workloads take turns. What they share, above all the disk, changes from one minute to the
 * next, so that only what was measured in the same round can be compared.
 */
public final class Rounds {
  private Rounds() {}

  /** Runs each workload a few times for the compiler, which does not count, then once a round. */
  public static void run(
      int warmUps, int rounds, List<? extends Workload> workloads, Figures figures)
      throws Exception {
    try {
      for (int round = 1 - warmUps; round <= rounds; round++) {
        Figures of = round < 1 ? new Figures() : figures;
        for (Workload workload : workloads) {
          workload.measure(of);
        }
        System.out.print(round < 1 ? "  warm" : " " + round);
        System.out.flush();
      }
      System.out.println();
    } finally {
      for (Workload workload : workloads) {
        workload.close();
      }
    }
  }
}
