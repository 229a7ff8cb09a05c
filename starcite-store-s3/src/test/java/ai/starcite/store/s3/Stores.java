package ai.starcite.store.s3;

import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/** Opens stores over objects in memory, with threads of the test. */
final class Stores {
  private static final ScheduledExecutorService SCHEDULER =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "starcite-test-timer");
            thread.setDaemon(true);
            return thread;
          });

  private Stores() {}

  static S3SegmentStore open(MemoryObjects objects) {
    return open(objects, S3Settings.DEFAULT);
  }

  static S3SegmentStore open(MemoryObjects objects, S3Settings settings) {
    return open(objects.client(), settings);
  }

  static S3SegmentStore open(ObjectClient client, S3Settings settings) {
    return S3SegmentStore.over(
        client, settings, new ProtocolFactory(), environment(), new NoHints());
  }

  static Environment environment() {
    return new Environment(SCHEDULER, new SharedRandom(), System::nanoTime);
  }

  private static final class SharedRandom implements RandomGenerator {
    private final Random random = new Random();

    @Override
    public long nextLong() {
      return random.nextLong();
    }
  }
}
