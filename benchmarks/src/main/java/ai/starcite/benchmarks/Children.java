package ai.starcite.benchmarks;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Other processes with the classes of this one. They end with it. */
public final class Children {
  private static final long WAIT_NANOS = 60_000_000_000L;

  private Children() {}

  /** Starts a main class in a process of its own. */
  public static Process start(String heap, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add("-Xmx" + heap);
    String data = System.getProperty("starcite.benchmarks.data");
    if (data != null) {
      command.add("-Dstarcite.benchmarks.data=" + data);
    }
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return process;
  }

  /** Waits for something that children bring about, unless one of them ends. */
  public static void await(BooleanSupplier done, List<Process> children) throws IOException {
    long start = System.nanoTime();
    while (!done.getAsBoolean()) {
      if (!children.stream().allMatch(Process::isAlive)) {
        throw new IOException("a process has ended early");
      }
      if (System.nanoTime() - start > WAIT_NANOS) {
        throw new IOException("a process takes too long");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Waits for the end of a child, which must be a good one. */
  public static void finish(Process child) throws IOException, InterruptedException {
    int status = child.waitFor();
    if (status != 0) {
      throw new IOException("a process has failed with status " + status);
    }
  }
}
