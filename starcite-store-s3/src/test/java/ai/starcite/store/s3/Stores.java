package ai.starcite.store.s3;

import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.protocol.Environment;
import ai.starcite.store.s3.internal.protocol.ProtocolFactory;
import ai.starcite.store.s3.internal.protocol.S3Settings;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/** Opens stores over objects in memory, with threads of the test. */
public final class Stores {
  private static final ScheduledExecutorService SCHEDULER =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "starcite-test-timer");
            thread.setDaemon(true);
            return thread;
          });

  private Stores() {}

  public static S3SegmentStore open(MemoryObjects objects) {
    return open(objects, S3Settings.DEFAULT);
  }

  public static S3SegmentStore open(MemoryObjects objects, S3Settings settings) {
    return open(objects.client(), settings);
  }

  public static S3SegmentStore open(ObjectClient client, S3Settings settings) {
    return over(client, settings, new ProtocolFactory(), environment(), new NoHints());
  }

  /** Opens a store whose protocol may be a mutant. */
  public static S3SegmentStore over(
      ObjectClient objects,
      S3Settings settings,
      ProtocolFactory factory,
      Environment environment,
      S3Notifier notifier) {
    return S3SegmentStore.over(objects, settings, factory, environment, notifier);
  }

  public static Environment environment() {
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
