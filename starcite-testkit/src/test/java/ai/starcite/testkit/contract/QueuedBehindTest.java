package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.SessionLogException.Code;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Events of a producer that fails: none of those behind slips past, none becomes its first. */
class QueuedBehindTest extends FaultFixture {

  @Test
  @DisplayName("APP-4: behind a new producer's refused event, none becomes its first")
  void behindRefusal() {
    var plug = hold(event("plug"));
    var first = send(numbered("p", 1), expecting(7));
    var second = send(numbered("p", 2));
    var third = send(numbered("p", 3));
    plug.pass();
    store.heal();
    failure(Code.EXPECTED_SEQ_CONFLICT, first);
    failure(Code.EXPECTED_SEQ_CONFLICT, second);
    failure(Code.EXPECTED_SEQ_CONFLICT, third);
    assertThat(log().producerPosition(id, "p")).isEmpty();
  }

  @Test
  @DisplayName("APP-4: behind an old producer's refused event, all fail with the same code")
  void behindRefusalOfOldProducer() {
    log().append(id, numbered("p", 1));
    var plug = hold(event("plug"));
    var second = send(numbered("p", 2), expecting(7));
    var third = send(numbered("p", 3));
    plug.pass();
    store.heal();
    assertThat(failure(Code.EXPECTED_SEQ_CONFLICT, second).currentSeq()).hasValue(2);
    failure(Code.EXPECTED_SEQ_CONFLICT, third);
    assertThat(log().append(id, numbered("p", 2)).seq()).isEqualTo(3);
  }

  @Test
  @DisplayName("APP-4: a chain of failures holds on while its segments are written one by one")
  void behindChain() {
    var plug = hold(event("plug"));
    var first = send(numbered("p", 1), expecting(7));
    send(event("b"));
    plug.pass();
    var second = store.appends.next();
    // In the next segment, and refused because of the first.
    var behind = send(numbered("p", 2));
    send(event("c"));
    second.pass();
    failure(Code.EXPECTED_SEQ_CONFLICT, first);
    var third = store.appends.next();
    assertUnanswered(behind);
    // The second has failed, but is not answered yet.
    var last = send(numbered("p", 3));
    third.pass();
    store.heal();
    failure(Code.EXPECTED_SEQ_CONFLICT, behind);
    failure(Code.EXPECTED_SEQ_CONFLICT, last);
    assertThat(log().producerPosition(id, "p")).as("none became the first").isEmpty();
  }

  @Test
  @DisplayName("APP-4: behind a cancelled event, none slips past")
  void behindCancelled() {
    var plug = hold(event("plug"));
    var first = send(numbered("p", 1));
    var second = send(numbered("p", 2));
    var other = send(numbered("q", 1));
    first.cancel(false);
    failure(Code.CANCELLED, first);
    plug.pass();
    store.heal();
    failure(Code.CANCELLED, second);
    assertThat(await(other).seq()).isEqualTo(2);
    assertThat(log().producerPosition(id, "p")).isEmpty();
    assertThat(texts(id)).containsExactly("plug", "q1");
  }

  @Test
  @DisplayName("APP-4: an old producer's events behind a cancelled one fail with the same code")
  void behindCancelledOfOldProducer() {
    log().append(id, numbered("p", 1));
    var plug = hold(event("plug"));
    var second = send(numbered("p", 2));
    var third = send(numbered("p", 3));
    second.cancel(false);
    plug.pass();
    store.heal();
    failure(Code.CANCELLED, second);
    failure(Code.CANCELLED, third);
    assertThat(log().appendAll(id, numbered("p", 2, 3))).extracting("seq").containsExactly(3L, 4L);
  }

  @Test
  @DisplayName("APP-4: a batch behind failures of two producers shares that of the one it rests on")
  void behindTwoProducers() {
    log().append(id, numbered("p", 1));
    var plug = hold(event("plug"));
    var p = send(numbered("p", 2));
    var q = send(numbered("q", 1));
    // Of p it only repeats what is durable; of q it goes on behind what is cancelled.
    var batch =
        log()
            .appendAllAsync(
                id, List.of(numbered("p", 1), numbered("q", 2)), AppendOptions.defaults());
    p.cancel(false);
    q.cancel(false);
    plug.pass();
    store.heal();
    failure(Code.CANCELLED, batch);
    assertThat(log().producerPosition(id, "q")).as("none became the first").isEmpty();
  }

  @Test
  @DisplayName("APP-4: behind an event turned away for want of room, none becomes the first")
  void behindBackpressure() {
    open(builder -> builder.maxPendingBytes(1 << 20));
    var plug = hold(sized(250 << 10));
    var first = send(sized(100 << 10).withProducer("p", 1));
    var second = send(numbered("p", 2));
    failure(Code.BACKPRESSURE, first);
    plug.pass();
    store.heal();
    failure(Code.BACKPRESSURE, second);
    assertThat(log().producerPosition(id, "p")).isEmpty();
    assertThat(log().append(id, numbered("p", 1)).seq()).isEqualTo(2);
  }

  @Test
  @DisplayName("APP-4: behind a retry whose event cannot be read, none slips past")
  void behindUnreadable() {
    log().appendAll(id, numbered("p", 1, 1_100));
    store.reads.hold();
    var retry = send(numbered("p", 1));
    var next = send(numbered("p", 1_101));
    store.reads.next().fail(ScriptedFaults.CAUSE);
    failure(Code.STORE_UNAVAILABLE, retry);
    failure(Code.STORE_UNAVAILABLE, next);
    store.heal();
    assertThat(await(send(numbered("p", 1)))).isEqualTo(deduped(1, 1_100));
    assertThat(await(send(numbered("p", 1_101)))).isEqualTo(appended(1_101));
  }
}
