package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewSession;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import ai.starcite.Tail;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.Indefinite;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that is deleted while events are under way to it. */
class DeletedInFlightTest extends FaultFixture {

  @Test
  @DisplayName("SES-7: what is stored before the deletion is acknowledged, what waits fails")
  void storedBefore() {
    var write = hold(event("plug"));
    var queued = send(event("b"));
    write.apply();
    log().delete(id);
    failure(Code.SESSION_NOT_FOUND, queued);
    store.heal();
    failure(Code.SESSION_NOT_FOUND, () -> log().append(id, event("c")));
  }

  @Test
  @DisplayName("SES-7: what reaches the store after the deletion fails definitely")
  void reachesAfter() {
    store.appends.hold();
    var sent = send(numbered("p", 1));
    var retry = send(numbered("p", 1));
    log().delete(id);
    store.heal();
    failure(Code.SESSION_NOT_FOUND, sent);
    failure(Code.SESSION_NOT_FOUND, retry);
  }

  @Test
  @DisplayName("APP-7: an unknown write that the deletion overtook stays unknown")
  void unknown() {
    store.appends.hold();
    var sent = send(numbered("p", 1));
    var write = store.appends.next();
    log().delete(id);
    write.answer(ScriptedFaults.INDEFINITE);
    store.heal();
    failure(Code.OUTCOME_UNKNOWN, sent);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName(
      "SES-4, APP-7: an update that the deletion overtook is refused only if it was not sent")
  void update(boolean sent) {
    store.updates.hold();
    var update = start(() -> log().update(id, SessionUpdate.defaults().withTitle("t")));
    var write = store.updates.next();
    if (sent) {
      write.apply();
    }
    log().delete(id);
    if (sent) {
      write.answer(new Indefinite(ScriptedFaults.CAUSE));
      store.heal();
      failure(Code.OUTCOME_UNKNOWN, update);
    } else {
      store.heal();
      failure(Code.SESSION_NOT_FOUND, update);
    }
  }

  @Test
  @DisplayName("SES-7: a write of the old life that comes late does not show in the new one")
  void newLife() {
    store.appends.hold();
    var old = send(numbered("p", 1));
    var write = store.appends.next();
    log().delete(id);
    log().create(NewSession.ofId(id));
    store.appends.release();
    failure(Code.SESSION_NOT_FOUND, old);
    assertThat(log().append(id, numbered("p", 7))).isEqualTo(appended(1));
    write.apply();
    assertThat(log().append(id, numbered("p", 8))).isEqualTo(appended(2));
    assertThat(texts(id)).containsExactly("p7", "p8");
  }

  @Test
  @DisplayName("APP-8: a deletion gives back the room of what it fails")
  void room() {
    open(builder -> builder.maxPendingBytes(1 << 20));
    for (int round = 0; round < 10; round++) {
      store.appends.hold();
      var sent = send(sized(120 << 10));
      var queued = send(sized(120 << 10));
      log().delete(id);
      store.heal();
      failure(Code.SESSION_NOT_FOUND, sent);
      failure(Code.SESSION_NOT_FOUND, queued);
      id = newSession();
    }
    for (int i = 0; i < 4; i++) {
      log().append(newSession(), sized(250 << 10));
    }
  }

  @Test
  @DisplayName(
      "SES-7: what comes after a create belongs to that life, whatever is still being loaded")
  void createdWhileTheOldLifeLoads() {
    open(builder -> builder);
    log().append(id, event("old"));
    closeLog();
    store.loads.hold();
    var before = send(event("before"));
    var load = store.loads.next();
    var found = load.apply();
    store.loads.release();
    log().delete(id);
    log().create(NewSession.ofId(id));
    var after = send(numbered("p", 1));
    var blocked = start(() -> log().append(id, numbered("p", 2)));
    load.answer(found);
    assertThat(await(after).deduped()).isFalse();
    assertThat(await(blocked).deduped()).isFalse();
    assertThat(texts(id)).contains("p1", "p2").doesNotContain("old");
    assertThat(before).isDone();
  }

  @Test
  @DisplayName("SES-7: a create that is answered late ends no later incarnation")
  void lateCreate() {
    store.creates.hold();
    var first = start(() -> log().createIfAbsent(NewSession.ofId("x")).session());
    var late = store.creates.next();
    CreateOutcome created = late.apply();
    log().delete("x");
    var second = start(() -> log().create(NewSession.ofId("x")));
    store.creates.next().pass();
    String incarnation = await(second).incarnation();
    try (Tail tail = log().tail("x", 0)) {
      late.answer(created);
      assertThat(await(first).incarnation()).isNotEqualTo(incarnation);
      log().append("x", event("a"));
      assertThat(tail.next().seq()).isEqualTo(1);
      assertThat(tail.end()).isEmpty();
    }
  }
}
