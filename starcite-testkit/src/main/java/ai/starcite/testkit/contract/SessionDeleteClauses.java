package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionQuery;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Deleting sessions, and the lives after. */
public abstract class SessionDeleteClauses extends LogFixture {

  private Session create() {
    return log().create(NewSession.ofId("s"));
  }

  @Test
  @DisplayName("SES-7: after delete every call fails with SESSION_NOT_FOUND, a second delete too")
  void callsAfterDelete() {
    create();
    log().append("s", event("one"));
    log().delete("s");
    for (Call call : Call.ofSession()) {
      SessionLogException failure =
          failure(Code.SESSION_NOT_FOUND, () -> call.on().run(log(), "s"));
      assertThat(failure.isDefinite()).as(call.name()).isTrue();
    }
    reopen();
    for (Call call : Call.ofSession()) {
      failure(Code.SESSION_NOT_FOUND, () -> call.on().run(log(), "s"));
    }
    assertThat(log().list(SessionQuery.active()).sessions()).isEmpty();
  }

  @Test
  @DisplayName("SES-7: the id can be created again, starts at seq 1, and shows nothing of before")
  void newLife() {
    Session old =
        log()
            .create(
                NewSession.ofId("s").withTitle("old").withMetadata(Json.parse("{\"old\":true}")));
    log().appendAll("s", List.of(event("old 1").withProducer("p", 7), event("old 2")));
    log().archive("s");
    log().seal("s");
    log().delete("s");
    Session fresh = create();
    assertThat(fresh.incarnation()).isNotEqualTo(old.incarnation());
    assertThat(fresh.version()).isEqualTo(1);
    assertThat(log().get("s")).isEqualTo(fresh);
    assertThat(fresh.title()).isEmpty();
    assertThat(fresh.metadata()).isEqualTo(Json.parse("{}"));
    assertThat(read("s")).isEmpty();
    assertThat(log().producerPosition("s", "p")).isEmpty();
    assertThat(log().append("s", event("new").withProducer("p", 7)).seq()).isEqualTo(1);
    reopen();
    assertThat(read("s")).extracting(Event::payload).containsExactly(event("new").payload());
    assertThat(log().append("s", event("next").withProducer("p", 8)).seq()).isEqualTo(2);
  }

  @Test
  @DisplayName(
      "SES-7: what was acknowledged in one life never shows in the next, nor leaves a hole")
  void writersThroughDeletion() throws Exception {
    create();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicBoolean done = new AtomicBoolean();
    AtOnce.run(
        4,
        thread -> {
          if (thread == 0) {
            try {
              for (int life : Rounds.upTo(40)) {
                Set<String> old = new HashSet<>();
                while (old.size() < 5) {
                  // Others append meanwhile.
                  old.addAll(acknowledged);
                }
                log().delete("s");
                create();
                showsNothingOf(old);
                acknowledged.clear();
              }
            } finally {
              done.set(true);
            }
          } else {
            for (int i = 0; !done.get(); i++) {
              String text = thread + "-" + i;
              try {
                log().append("s", event(text));
                acknowledged.add(event(text).payload().toString());
              } catch (SessionLogException e) {
                assertThat(e.code()).isIn(orUnknown(Code.SESSION_NOT_FOUND));
              }
            }
          }
          return null;
        });
    assertThat(log().append("s", event("last")).seq()).isEqualTo(read("s").size());
  }

  /** Reads a life while it is written: no holes, and nothing that was acknowledged before it. */
  private void showsNothingOf(Set<String> old) {
    List<Event> events = read("s");
    assertThat(events)
        .extracting(Event::seq)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(events)
        .extracting(event -> event.payload().toString())
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(old);
  }
}
