package ai.starcite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.ProducerPosition;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.contract.AppendScript.Append;
import ai.starcite.contract.AppendScript.Seal;
import ai.starcite.contract.AppendScript.Step;
import ai.starcite.spi.SegmentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;

/** Random calls to append, compared exactly with what the contract says (APP-3 to APP-6). */
public abstract class AppendProperties {
  private static final int MAX_PRODUCERS = 3;

  /** What a call came to: results, or code and fields of its failure. */
  private record Outcome(List<AppendResult> results, String failure) {}

  /** Opens the one store of this test object, again if need be. */
  protected abstract SegmentStore openStore();

  /** Whether closing the log closes the store. */
  protected abstract boolean closesStore();

  /** Runs a script against a new session and against the model. */
  protected final void check(List<Step> script) {
    AppendModel model = new AppendModel(MAX_PRODUCERS);
    SessionLog log = open();
    try {
      String id = log.create(NewSession.unnamed()).id();
      for (Step step : script) {
        if (step instanceof Append append) {
          List<NewEvent> events = AppendScript.events(append, model);
          AppendOptions options = AppendScript.options(append, model);
          SessionLog current = log;
          assertThat(outcome(() -> current.appendAll(id, events, options)))
              .as("%s %s", events, options)
              .isEqualTo(outcome(() -> model.append(events, options)));
        } else if (step instanceof Seal) {
          log.seal(id);
          model.seal();
        } else {
          log.close();
          log = open();
        }
      }
      assertSame(log, id, model);
      log.close();
      log = open();
      assertSame(log, id, model);
    } finally {
      log.close();
    }
  }

  /** Scripts of some calls. */
  @Provide
  protected final Arbitrary<List<Step>> scripts() {
    return AppendScript.scripts();
  }

  private SessionLog open() {
    return SessionLog.builder(openStore())
        .closesStore(closesStore())
        .maxProducers(MAX_PRODUCERS)
        .open();
  }

  private static Outcome outcome(Supplier<List<AppendResult>> call) {
    try {
      return new Outcome(call.get(), "");
    } catch (SessionLogException e) {
      return new Outcome(
          List.of(),
          "%s current %s, next %s".formatted(e.code(), e.currentSeq(), e.expectedProducerSeq()));
    }
  }

  private static void assertSame(SessionLog log, String id, AppendModel model) {
    List<NewEvent> events = new ArrayList<>();
    try (Tail tail = log.tail(id, TailOptions.from(0).withoutFollowing())) {
      for (Event event : tail) {
        events.add(event.toNewEvent());
        assertThat(event.seq()).isEqualTo(events.size());
      }
    }
    assertThat(events).isEqualTo(model.events());
    assertThat(log.get(id).sealed()).isEqualTo(model.isSealed());
    for (String producerId : AppendScript.PRODUCERS) {
      Optional<ProducerPosition> expected =
          model.last(producerId) == 0
              ? Optional.empty()
              : Optional.of(
                  new ProducerPosition(model.last(producerId), model.lastSeq(producerId)));
      assertThat(log.producerPosition(id, producerId)).isEqualTo(expected);
    }
  }
}
