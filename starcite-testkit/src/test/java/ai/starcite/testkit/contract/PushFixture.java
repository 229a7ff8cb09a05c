package ai.starcite.testkit.contract;

import ai.starcite.TailOptions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of listeners and publishers have beside a log. */
abstract class PushFixture extends ReaderFixture {
  ExecutorService executor;

  @BeforeEach
  void startThreads() {
    executor = Executors.newFixedThreadPool(3, task -> new Thread(task, "test-listener"));
  }

  @AfterEach
  void stopThreads() {
    executor.shutdownNow();
  }

  Received listen(String id, TailOptions options) {
    Received received = new Received();
    log().subscribe(id, options, received, executor);
    return received;
  }

  Received subscribe(String id, TailOptions options) {
    Received received = new Received();
    log().publisher(id, options).subscribe(received);
    return received;
  }

  Received subscribe(String id, TailOptions options, long demand) {
    Received received =
        new Received() {
          @Override
          long firstDemand() {
            return demand;
          }
        };
    log().publisher(id, options).subscribe(received);
    return received;
  }
}
