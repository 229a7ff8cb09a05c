package ai.starcite.benchmarks.measure;

import java.util.List;

/**
 * Lets workloads take turns. What they share, above all the disk, changes from one minute to the
 * next, so that only what was measured in the same round can be compared.
 */
public final class Rounds {
  private Rounds() {}

  /** Runs each workload once for the compiler, which is not counted, and then once a round. */
  public static void run(int rounds, List<? extends Workload> workloads, Figures figures)
      throws Exception {
    try {
      for (int round = 0; round <= rounds; round++) {
        Figures of = round == 0 ? new Figures() : figures;
        for (Workload workload : workloads) {
          workload.measure(of);
        }
        System.out.print(round == 0 ? "  warm" : " " + round);
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
