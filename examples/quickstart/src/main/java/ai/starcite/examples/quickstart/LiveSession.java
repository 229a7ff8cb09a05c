package ai.starcite.examples.quickstart;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.chat.Status;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Three agents write one session at once, and two tabs show it. */
final class LiveSession {
  static final String ID = "deploy-v2.4";

  private final SessionLog log;
  private final Tab firstTab;
  private final Tab secondTab;

  /** What the log acknowledged, by seq. */
  private final Map<Long, NewEvent> acknowledged = new ConcurrentSkipListMap<>();

  LiveSession(SessionLog log, PrintStream out) {
    this.log = log;
    this.firstTab = new Tab("tab 1", log, ID, out);
    this.secondTab = new Tab("tab 2", log, ID, out);
  }

  void run() throws Exception {
    log.create(NewSession.ofId(ID).withTitle("Deploy v2.4"));
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Future<?> second = threads.submit(() -> secondTab.show(Integer.MAX_VALUE));
      Future<?> planner = start(threads, "planner", Deployment::plan);
      Future<?> validator = start(threads, "validator", Deployment::validate);
      Future<?> deployer = start(threads, "deployer", Deployment::deploy);
      Future<?> first = threads.submit(() -> showAndRefresh(validator));
      await(planner, validator, deployer);
      seal();
      await(first, second);
    } finally {
      threads.shutdownNow();
    }
  }

  private Future<?> start(ExecutorService threads, String name, Consumer<Agent> work) {
    Agent agent = new Agent(log, ID, name, acknowledged);
    return threads.submit(() -> work.accept(agent));
  }

  /** A tab that is closed in the middle, and opened again when it has missed something. */
  private Void showAndRefresh(Future<?> meanwhile) throws Exception {
    firstTab.show(6);
    firstTab.print("… refreshed with cursor=" + firstTab.cursor());
    await(meanwhile);
    firstTab.print("… is back, and resumes from cursor=" + firstTab.cursor());
    firstTab.show(Integer.MAX_VALUE);
    return null;
  }

  /** The last event and the end of the session are one append. With it, both tabs complete. */
  private void seal() {
    Producer producer = log.producer(ID, "host");
    NewEvent event = NewEvent.of(new Status("deployed", "v2.4")).withActor("system");
    AppendResult result = producer.append(event, AppendOptions.defaults().withSeal());
    acknowledged.put(result.seq(), event);
  }

  private static void await(Future<?>... futures) throws Exception {
    for (Future<?> future : futures) {
      future.get(1, TimeUnit.MINUTES);
    }
  }

  Map<Long, NewEvent> acknowledged() {
    return acknowledged;
  }

  /** What each of the tabs has shown. */
  List<List<Event>> readers() {
    return List.of(firstTab.shown(), secondTab.shown());
  }
}
