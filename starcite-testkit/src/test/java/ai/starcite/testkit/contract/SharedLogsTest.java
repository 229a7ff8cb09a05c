package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two logs on one store, as two processes; the line of the first one is bad. */
class SharedLogsTest extends FaultFixture {
  private final MemorySegmentStore shared = MemorySegmentStore.openShared();
  private final ScriptedStore line = new ScriptedStore(shared);
  private final SessionLog other = another(new ScriptedStore(shared));

  @Override
  protected SegmentStore openStore() {
    return line;
  }

  @AfterEach
  void closeOther() {
    line.heal();
    other.close();
  }

  @Test
  @DisplayName("SHR-1: any log appends to any session, in turns")
  void turns() {
    for (int i = 1; i <= 20; i++) {
      SessionLog log = i % 3 == 0 ? other : log();
      assertThat(log.append(id, event("e" + i))).isEqualTo(appended(i));
    }
    assertThat(texts(id)).hasSize(20).startsWith("e1", "e2").endsWith("e20");
  }

  @Test
  @DisplayName("SHR-2, APP-2: logs that append at once get seqs without holes or repeats")
  void atOnce() {
    List<FutureTask<List<Long>>> tasks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      SessionLog log = i % 2 == 0 ? other : log();
      String producer = "p" + i;
      tasks.add(
          new FutureTask<>(
              () -> {
                List<Long> seqs = new ArrayList<>();
                for (int n = 1; n <= 100; n++) {
                  seqs.add(log.append(id, numbered(producer, n)).seq());
                }
                return seqs;
              }));
    }
    tasks.forEach(task -> new Thread(task).start());
    List<Long> all = new ArrayList<>();
    for (FutureTask<List<Long>> task : tasks) {
      assertThat(await(task)).isSorted();
      all.addAll(await(task));
    }
    assertThat(all).doesNotHaveDuplicates().hasSize(600);
    assertThat(texts(id)).hasSize(600);
  }

  @Test
  @DisplayName("SHR-2, APP-4: a retry on another log is deduplicated, a forgery refused")
  void retryElsewhere() {
    log().appendAll(id, numbered("p", 1, 3));
    other.append(id, event("x"));
    assertThat(other.append(id, numbered("p", 2))).isEqualTo(deduped(2, 4));
    assertThat(
            failure(Code.PRODUCER_REPLAY_CONFLICT, () -> other.append(id, forged("p", 1)))
                .currentSeq())
        .hasValue(1);
    assertThat(other.append(id, numbered("p", 4))).isEqualTo(appended(5));
    assertThat(log().append(id, numbered("p", 4))).isEqualTo(deduped(5, 5));
    assertThat(
            failure(Code.PRODUCER_SEQ_CONFLICT, () -> log().append(id, numbered("p", 6)))
                .expectedProducerSeq())
        .hasValue(5);
  }

  @Test
  @DisplayName("SHR-2, APP-4: one event sent by both logs at once is stored once")
  void sameEventTwice() {
    log().append(id, event("x"));
    line.appends.hold();
    var mine = send(numbered("p", 1));
    assertThat(other.append(id, numbered("p", 1))).isEqualTo(appended(2));
    line.heal();
    assertThat(await(mine)).isEqualTo(deduped(2, 2));
    assertThat(texts(id)).containsExactly("x", "p1");
  }

  @Test
  @DisplayName("SHR-2, APP-5: a stale view neither passes nor refuses an expected seq wrongly")
  void expectedSeq() {
    log().append(id, event("a"));
    other.append(id, event("b"));
    assertThat(failure(Code.EXPECTED_SEQ_CONFLICT, send(event("c"), expecting(1))).currentSeq())
        .hasValue(2);
    other.append(id, event("d"));
    assertThat(await(send(event("e"), expecting(3)))).isEqualTo(appended(4));
  }

  @Test
  @DisplayName("SHR-2, APP-7: an unknown write that was stored is found behind another's event")
  void ownTokenBehind() {
    line.appends.hold();
    var unknown = send(numbered("p", 1));
    var write = line.appends.next();
    write.apply();
    assertThat(other.append(id, event("b"))).isEqualTo(appended(2));
    write.answer(ScriptedFaults.INDEFINITE);
    // The store that answers does not know tokens, as one that compares heads only.
    line.appends.next().answer(new AppendOutcome.Conflict(3));
    assertThat(await(unknown).seq()).isEqualTo(1);
    line.heal();
    assertThat(log().append(id, event("c"))).isEqualTo(appended(3));
    assertThat(texts(id)).containsExactly("p1", "b", "c");
  }

  @Test
  @DisplayName("SHR-2, APP-7: an unknown write that was not stored goes behind another's event")
  void lostToAnother() {
    line.appends.hold();
    var unknown = send(numbered("p", 1));
    var write = line.appends.next();
    write.answer(ScriptedFaults.INDEFINITE);
    assertThat(other.append(id, event("b"))).isEqualTo(appended(1));
    line.heal();
    assertThat(await(unknown)).isEqualTo(appended(2));
    write.apply();
    assertThat(other.append(id, event("c"))).isEqualTo(appended(3));
    assertThat(texts(id)).containsExactly("b", "p1", "c");
  }

  @Test
  @DisplayName("SHR-2, APP-4: an event that lost its place keeps its producer's order")
  void orderAfterLoss() {
    log().append(id, event("x"));
    line.appends.hold();
    List<CompletableFuture<AppendResult>> sent = new ArrayList<>();
    numbered("p", 1, 5).forEach(each -> sent.add(send(each)));
    other.append(id, event("b"));
    line.heal();
    assertThat(sent).extracting(each -> await(each).seq()).containsExactly(3L, 4L, 5L, 6L, 7L);
    assertThat(texts(id)).containsExactly("x", "b", "p1", "p2", "p3", "p4", "p5");
  }

  @Test
  @DisplayName("SHR-2, SES-8: a seal by another log refuses what is new, and dedupes what is known")
  void sealedElsewhere() {
    log().append(id, numbered("p", 1));
    other.append(id, event("last"), AppendOptions.defaults().withSeal());
    failure(Code.SESSION_SEALED, () -> log().append(id, event("late")));
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(deduped(1, 2));
    assertThat(log().seal(id).sealed()).isTrue();
  }

  @Test
  @DisplayName("SHR-2, APP-10: a position is that of the store, not of this log")
  void position() {
    log().appendAll(id, numbered("p", 1, 2));
    other.append(id, numbered("p", 3));
    assertThat(log().producerPosition(id, "p")).hasValue(new Producer.Position(3, 3));
    assertThat(log().producer(id, "p").append(event("next"))).isEqualTo(appended(4));
  }

  @Test
  @DisplayName("SHR-2, SES-7: a session deleted by another log is gone here too")
  void deletedElsewhere() {
    log().append(id, numbered("p", 1));
    other.delete(id);
    failure(Code.SESSION_NOT_FOUND, () -> log().append(id, numbered("p", 2)));
    failure(Code.SESSION_NOT_FOUND, () -> log().append(id, numbered("p", 1)));
    failure(Code.SESSION_NOT_FOUND, () -> log().producerPosition(id, "p"));
  }

  @Test
  @DisplayName("SHR-2, SES-7: in a new life of the id nothing of the old one is known")
  void recreatedElsewhere() {
    log().appendAll(id, numbered("p", 1, 3));
    other.delete(id);
    other.create(NewSession.ofId(id));
    assertThat(log().append(id, numbered("p", 2))).isEqualTo(appended(1));
    assertThat(log().append(id, event("b"), expecting(1))).isEqualTo(appended(2));
    assertThat(other.append(id, numbered("p", 3))).isEqualTo(appended(3));
    assertThat(texts(id)).containsExactly("p2", "b", "p3");
  }

  @Test
  @DisplayName("SES-7, APP-7: deleted by another log during an unknown write, that stays unknown")
  void deletedInFlight() {
    line.appends.hold();
    var unknown = send(numbered("p", 1));
    var queued = send(event("b"));
    var write = line.appends.next();
    write.apply();
    other.delete(id);
    write.answer(ScriptedFaults.INDEFINITE);
    line.heal();
    failure(Code.OUTCOME_UNKNOWN, unknown);
    failure(Code.SESSION_NOT_FOUND, queued);
  }

  @Test
  @DisplayName("APP-9: answers that need a look at the store do not wait for those that come later")
  void refreshesDoNotStarve() {
    log().append(id, numbered("p", 1));
    line.reads.hold();
    var first = send(numbered("p", 1));
    for (int round = 0; round < 3 && !first.isDone(); round++) {
      // One comes during each look, and needs the next.
      var look = line.reads.next();
      send(numbered("p", 1));
      look.pass();
    }
    assertThat(first).isCompletedWithValue(deduped(1, 1));
  }

  @Test
  @DisplayName("SHR-2: a log that is far behind catches up, in however many reads")
  void farBehind() {
    log().append(id, event("a"));
    for (int i = 0; i < 5_000; i++) {
      other.append(id, event("b"));
    }
    line.reading(segments -> segments.isEmpty() ? segments : segments.subList(0, 1));
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(appended(5_002));
  }

  @Test
  @DisplayName("ERR-3: closed while events move to another life of their session, all are answered")
  void closedWhileMoving() {
    open(builder -> builder.closeTimeout(Duration.ofMillis(50)));
    line.appends.hold();
    var unknown = send(numbered("p", 1));
    var queued = send(event("b"));
    var write = line.appends.next();
    other.delete(id);
    line.loads.hold();
    CompletableFuture<Void> closed =
        unknown.handle((result, failure) -> null).thenRun(log()::close);
    write.answer(ScriptedFaults.INDEFINITE);
    line.appends.release();
    await(closed);
    failure(Code.CLOSED, queued);
    line.heal();
  }

  @Test
  @DisplayName("APP-4: what is given up in flight, and then lost, lets none of its producer pass")
  void givenUpAndLost() {
    line.appends.hold();
    var first = send(numbered("p", 1));
    var second = send(numbered("p", 2));
    line.appends.next();
    first.cancel(true);
    failure(Code.OUTCOME_UNKNOWN, first);
    other.append(id, event("o"));
    line.heal();
    assertThat(failure(Code.CANCELLED, second).isDefinite()).isTrue();
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(appended(2));
    assertThat(log().append(id, numbered("p", 2))).isEqualTo(appended(3));
  }

  @Test
  @DisplayName(
      "APP-4: what is given up in flight in one life lets none of its producer pass in the next")
  void givenUpAndDeleted() {
    line.appends.hold();
    var first = send(numbered("p", 1));
    var second = send(numbered("p", 2));
    line.appends.next();
    first.cancel(true);
    other.delete(id);
    other.create(NewSession.ofId(id));
    line.heal();
    failure(Code.SESSION_NOT_FOUND, second);
    assertThat(log().append(id, numbered("p", 1))).isEqualTo(appended(1));
  }

  @Test
  @DisplayName(
      "APP-2: what moves on to the next life of a session is decided before what comes later")
  void movesOnInOrder() {
    line.appends.hold();
    var first = send(numbered("p", 1));
    var withdrawn = send(numbered("q", 1));
    line.appends.next();
    other.delete(id);
    other.create(NewSession.ofId(id));
    line.loads.hold();
    line.appends.release();
    var load = line.loads.next();
    var second = send(numbered("p", 2));
    withdrawn.cancel(true);
    failure(Code.CANCELLED, withdrawn);
    load.pass();
    line.heal();
    assertThat(await(first).seq()).isEqualTo(1);
    assertThat(await(second).seq()).isEqualTo(2);
  }

  @Test
  @DisplayName("APP-8: what moves on to the next life of a session still counts")
  void movesOnWithItsBytes() {
    open(builder -> builder.maxPendingBytes(1 << 20));
    line.appends.hold();
    var sent = send(sized(200 << 10));
    line.appends.next();
    other.delete(id);
    other.create(NewSession.ofId(id));
    line.loads.hold();
    line.appends.release();
    line.loads.next();
    failure(Code.BACKPRESSURE, send(sized(100 << 10)));
    line.heal();
    assertThat(await(sent)).isEqualTo(appended(1));
    assertThat(await(send(sized(200 << 10)))).isEqualTo(appended(2));
  }

  @Test
  @DisplayName(
      "ERR-2, TAIL-8: a waiting tail ends at damage that another process has written before")
  void damageAtTheHead() {
    log().append(id, event("a"));
    try (Tail tail = log().tail(id, 1)) {
      line.reading(ScriptedFaults.corrupting(2));
      other.append(id, event("b"));
      failure(Code.CORRUPT, tail::next);
      assertThat(tail.end()).contains(TailEnd.FAILED);
      assertThat(tail.cursor().seq()).isEqualTo(1);
    }
    line.heal();
    assertThat(texts(id)).containsExactly("a", "b");
  }

  @Test
  @DisplayName(
      "SHR-3: a write whose outcome stays unknown does not hide from a tail what others write")
  void unresolvedWrite() {
    log().append(id, event("a"));
    try (Tail tail = log().tail(id, 1)) {
      line.appends.hold();
      var stuck = send(numbered("p", 1));
      line.appends.next().answer(ScriptedFaults.INDEFINITE);
      other.append(id, event("b"));
      assertThat(text(tail.next())).isEqualTo("b");
      line.heal();
      assertThat(await(stuck)).isEqualTo(appended(3));
      assertThat(text(tail.next())).isEqualTo("p1");
    }
  }

  @Test
  @DisplayName("SHR-3: a write whose outcome is unknown is settled by what a tail's look finds")
  void unresolvedWriteIsFound() {
    log().append(id, event("a"));
    try (Tail tail = log().tail(id, 1)) {
      line.appends.hold();
      var stuck = send(numbered("p", 1));
      var write = line.appends.next();
      write.apply();
      write.answer(ScriptedFaults.INDEFINITE);
      assertThat(text(tail.next())).isEqualTo("p1");
      assertThat(await(stuck)).isEqualTo(appended(2));
    }
  }
}
