package ai.starcite.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.SessionQuery;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.BrokenLogs;
import ai.starcite.testkit.JqwikRun;
import ai.starcite.testkit.contract.OneStore;
import ai.starcite.testkit.contract.StoresOfTest;
import ai.starcite.testkit.history.Tries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.sessions.JqwikSession;
import net.jqwik.api.state.ActionChain;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

/** The random sequences of calls find what is wrong, and tell it so that it can be seen. */
class SequencesTest {
  @TempDir Path directory;

  private static final int MAX_PRODUCERS = 3;

  /** How short a failure becomes depends on the sequence that it was found in. */
  private static final String SEED = "1";

  private ContractBroken failure(Class<?> broken) {
    String before = System.getProperty(Tries.SEED);
    System.setProperty(Tries.SEED, before == null ? SEED : before);
    List<Throwable> failures;
    try {
      failures = JqwikRun.failures(broken, directory.resolve("jqwik"));
    } finally {
      if (before == null) {
        System.clearProperty(Tries.SEED);
      }
    }
    assertThat(failures).hasSize(1).first().isInstanceOf(ContractBroken.class);
    return (ContractBroken) failures.get(0);
  }

  /** The lines between the first blank line and the next one. */
  private static String script(ContractBroken failure) {
    return failure.getMessage().split("\n\n")[1];
  }

  @ParameterizedTest
  @CsvSource({"StartsTooEarly, TAIL-1", "ExpectsNothing, APP-5", "ForgetsToSeal, SES-8"})
  @DisplayName("A broken log is told by the clause that it breaks, in five calls at the most")
  void brokenLog(String name, String clause) throws Exception {
    assertTold(failure(Class.forName(BrokenLogs.class.getName() + "$" + name)), clause);
  }

  private static void assertTold(ContractBroken failure, String clause) {
    String message = failure.getMessage();
    assertThat(message).startsWith(clause + ": ").containsPattern("-Dstarcite\\.seed=-?\\d+ ");
    List<String> script = script(failure).lines().toList();
    assertThat(script).as(message).hasSizeLessThanOrEqualTo(5);
    assertThat(script.get(script.size() - 1)).contains("; // expected: ", ", was: ");
  }

  @Test
  @DisplayName("A store that skips its tests skips the sequences too")
  void skipped() {
    List<Throwable> reasons = JqwikRun.failures(BrokenLogs.Skips.class, directory.resolve("jqwik"));
    assertThat(reasons).hasSize(1).first().isInstanceOf(TestAbortedException.class);
  }

  @Test
  @DisplayName("The script of a failure compiles, and shows the same failure where it is run")
  void scriptShowsTheFailure() throws Exception {
    ContractBroken failure = failure(BrokenLogs.ForgetsThirdRetry.class);
    assertTold(failure, "APP-4");
    String script = script(failure);
    for (boolean isBroken : new boolean[] {true, false}) {
      SessionLogBuilder settings = builder(MemorySegmentStore.open());
      SessionLog fresh =
          isBroken ? new BrokenLogs.ForgetsThirdRetry().openLog(settings) : settings.open();
      try (SessionLog log = PastedScript.run(script, directory, fresh, same -> same)) {
        String id = log.list(SessionQuery.active()).sessions().get(0).id();
        assertThat(log.get(id).lastSeq()).as(script).isEqualTo(isBroken ? 2 : 1);
      }
    }
  }

  @Test
  @DisplayName("Scripts of all that can be done compile, and run as the contract says")
  void allScripts() throws Exception {
    List<String> scripts = new ArrayList<>();
    JqwikSession.run(
        () -> {
          for (int i = 0; i < 8; i++) {
            ActionChain<Trial> chain = Operations.sequences(SequencesTest::stores, false).sample();
            try (Trial trial = chain.run()) {
              scripts.add(trial.toString());
            }
          }
        });
    for (String script : scripts) {
      SegmentStore store = MemorySegmentStore.open();
      SessionLog fresh = builder(store).open();
      PastedScript.run(
              script,
              directory,
              fresh,
              log -> {
                log.close();
                return builder(store).open();
              })
          .close();
    }
  }

  private static StoresOfTest stores() {
    return new OneStore(MemorySegmentStore.open(), UnaryOperator.identity());
  }

  private static SessionLogBuilder builder(SegmentStore store) {
    return SessionLog.builder(store).closesStore(false).maxProducers(MAX_PRODUCERS);
  }

  @Test
  @DisplayName("Whatever stands in an event, the code for it makes the same event")
  void codeOfEvents() throws Exception {
    NewEvent event =
        NewEvent.of(
                "t\u00e9\\",
                Json.parse("{\"a\":\"\\u0041\\n\u2028\uD83D\uDE00\",\t\r\n\"b\":1e999}"))
            .withActor("x".repeat(100))
            .withSource("\"quoted\"")
            .withMetadata(Json.parse("{\"\\\\u000a\":\"\u007f\"}"))
            .withRefs(Json.parse("{\"to_seq\":1}"))
            .withIdempotencyKey("\u0000\u0001")
            .withProducer("p", Long.MAX_VALUE);
    String script =
        "log.create(NewSession.ofId(\"s\"));\nlog.append(\"s\", %s); // %s"
            .formatted(JavaCode.event(event), JavaCode.escaped(event.toString()));
    SessionLog fresh = builder(MemorySegmentStore.open()).open();
    try (SessionLog log = PastedScript.run(script, directory, fresh, same -> same);
        Tail tail = log.tail("s", TailOptions.from(0))) {
      assertThat(tail.next().toNewEvent()).isEqualTo(event);
    }
  }
}
