package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionQuery;
import ai.starcite.Tail;
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
    return log().create(NewSession.named("s"));
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
    assertThat(log().list(SessionQuery.all()).sessions()).isEmpty();
  }

  @Test
  @DisplayName("SES-7: the id can be created again, starts at seq 1, and shows nothing of before")
  void newLife() {
    Session old =
        log()
            .create(
                NewSession.named("s").withTitle("old").withMetadata(Json.parse("{\"old\":true}")));
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
  @DisplayName("SES-7: other sessions stay as they are")
  void othersStay() {
    create();
    for (String id : List.of("r", "s0", "s ", "S", "t")) {
      log().create(NewSession.named(id));
      log().append(id, event(id));
    }
    log().append("s", event("gone"));
    log().delete("s");
    reopen();
    for (String id : List.of("r", "s0", "s ", "S", "t")) {
      assertThat(read(id)).extracting(Event::payload).containsExactly(event(id).payload());
    }
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

  @Test
  @DisplayName("SES-7: ending one life does not end the next, however soon that begins")
  void newLifeOutlivesDeletion() throws Exception {
    for (int round : Rounds.upTo(300)) {
      create();
      log().append("s", event("old"));
      AtomicBoolean isDeleted = new AtomicBoolean();
      AtOnce.run(
          2,
          thread -> {
            if (thread == 0) {
              log().delete("s");
              isDeleted.set(true);
            } else {
              boolean late = isDeleted.get();
              while (!log().createIfAbsent(NewSession.named("s").withTitle("new")).isNew()) {
                assertThat(late)
                    .as("whether a create that met the session came after its deletion")
                    .isFalse();
                late = isDeleted.get();
              }
              try (Tail tail = log().tail("s", 0)) {
                for (int i = 1; i <= 5; i++) {
                  assertThat(log().append("s", event("new " + i)).seq()).isEqualTo(i);
                  assertThat(tail.next().seq()).isEqualTo(i);
                }
              }
            }
            return null;
          });
      assertThat(log().get("s").title()).contains("new");
      assertThat(read("s")).hasSize(5);
      log().delete("s");
    }
  }

  @Test
  @DisplayName("SES-7: of many threads that delete one session, exactly one does")
  void oneDeletes() throws Exception {
    requireNoFaults(
        "a delete that is sent again, and finds nothing, may have been the one that deleted");
    for (int round : Rounds.upTo(50)) {
      create();
      List<Boolean> deleted =
          AtOnce.run(
              4,
              thread -> {
                try {
                  log().delete("s");
                  return true;
                } catch (SessionLogException e) {
                  assertThat(e.code()).isEqualTo(Code.SESSION_NOT_FOUND);
                  return false;
                }
              });
      assertThat(deleted).containsOnlyOnce(true);
    }
  }
}
