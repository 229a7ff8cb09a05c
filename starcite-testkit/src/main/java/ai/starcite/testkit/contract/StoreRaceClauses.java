package ai.starcite.testkit.contract;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.UpdateOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Promise SPI-11: each operation is one step, whatever else goes on. */
public abstract class StoreRaceClauses extends SpiFixture {
  private static final int THREADS = 4;
  private static final int ROUNDS = 40;
  private static final int WRITTEN = 100;

  @Test
  @DisplayName("SES-1, SPI-11: of concurrent creates of one id, one is answered Created")
  void creators() throws Exception {
    for (int round : Rounds.upTo(ROUNDS)) {
      String id = "race-" + round;
      List<CreateOutcome> outcomes =
          AtOnce.run(
              THREADS, thread -> await(store.create(StoreData.record(StoreData.key(id, thread)))));
      assertThat(outcomes).filteredOn(CreateOutcome.Created.class::isInstance).hasSize(1);
      SessionRecord winner = await(store.load(id)).orElseThrow().record();
      assertThat(outcomes)
          .filteredOn(CreateOutcome.Exists.class::isInstance)
          .hasSize(THREADS - 1)
          .containsOnly(new CreateOutcome.Exists(winner));
    }
  }

  @Test
  @DisplayName("APP-2, SPI-11: of concurrent appends at one seq, one is answered Committed")
  void appenders() throws Exception {
    create();
    List<Segment> committed = new ArrayList<>();
    for (int round : Rounds.upTo(ROUNDS)) {
      long next = round + 1;
      List<Segment> rivals = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        rivals.add(StoreData.segment(next, 1));
      }
      List<AppendOutcome> outcomes = AtOnce.run(THREADS, thread -> append(key, rivals.get(thread)));
      assertThat(outcomes)
          .as("at seq %d", next)
          .containsOnlyOnce(COMMITTED)
          .filteredOn(new AppendOutcome.Conflict(next + 1)::equals)
          .hasSize(THREADS - 1);
      committed.add(rivals.get(outcomes.indexOf(COMMITTED)));
    }
    assertThat(read(1, Integer.MAX_VALUE)).isEqualTo(tokens(committed));
  }

  @Test
  @DisplayName("TAIL-2, SPI-11: a reader beside a writer sees whole appends, and no gap")
  void readers() throws Exception {
    create();
    AtomicBoolean written = new AtomicBoolean();
    AtOnce.run(
        THREADS,
        thread -> {
          if (thread == 0) {
            try {
              for (int i = 0; i < WRITTEN; i++) {
                append(StoreData.segment(2 * i + 1, 2));
              }
            } finally {
              written.set(true);
            }
            return 0;
          }
          long seen = 1;
          while (!written.get()) {
            seen = readBesideWriter(seen);
          }
          return readBesideWriter(seen);
        });
    assertThat(load().nextSeq()).isEqualTo(2 * WRITTEN + 1);
  }

  /** Reads on from a seq that was the head before; gives the head that is seen now. */
  private long readBesideWriter(long from) {
    long head = load().nextSeq();
    assertThat(head).as("the next seq, which was %d before", from).isGreaterThanOrEqualTo(from);
    long next = from;
    while (next < head) {
      List<Segment> read = segments(key, next, Integer.MAX_VALUE);
      assertThat(read)
          .as("read from seq %d, where load has told that %d is next", next, head)
          .isNotEmpty();
      for (Segment each : read) {
        assertThat(each.firstSeq()).as("first seq, read beside a writer").isEqualTo(next);
        next = each.nextSeq();
      }
    }
    return head;
  }

  @Test
  @DisplayName("SES-4, SPI-11: of concurrent updates of one version, one is answered Updated")
  void updaters() throws Exception {
    create();
    for (int round : Rounds.upTo(ROUNDS)) {
      SessionRecord before = load().record();
      List<UpdateOutcome> outcomes =
          AtOnce.run(
              THREADS,
              thread ->
                  await(store.update(StoreData.retitled(before, "t" + thread), before.version())));
      assertThat(outcomes).containsOnlyOnce(new UpdateOutcome.Updated());
      assertThat(load().record().version()).isEqualTo(before.version() + 1);
    }
  }

  @Test
  @DisplayName("SES-8, SPI-11: nothing is committed after a seal that it races with")
  void sealed() throws Exception {
    for (int round : Rounds.upTo(ROUNDS)) {
      SessionKey session = StoreData.key("seal-" + round);
      await(store.create(StoreData.record(session)));
      AtomicBoolean isSealed = new AtomicBoolean();
      List<Long> heads =
          AtOnce.run(
              2,
              thread -> {
                if (thread == 0) {
                  long next = 1;
                  AppendOutcome outcome = append(session, StoreData.sealing(next, 0));
                  while (outcome instanceof AppendOutcome.Conflict conflict) {
                    assertThat(conflict.nextSeq())
                        .as("the next seq by a Conflict of a segment at seq %d", next)
                        .isGreaterThan(next);
                    next = conflict.nextSeq();
                    outcome = append(session, StoreData.sealing(next, 0));
                  }
                  assertThat(outcome).isEqualTo(COMMITTED);
                  isSealed.set(true);
                  return next;
                }
                long next = 1;
                boolean behind = isSealed.get();
                AppendOutcome outcome = append(session, StoreData.segment(next, 1));
                while (outcome.equals(COMMITTED)) {
                  assertThat(behind)
                      .as("whether seq %d was sent where the session was sealed before", next)
                      .isFalse();
                  behind = isSealed.get();
                  outcome = append(session, StoreData.segment(++next, 1));
                }
                assertThat(outcome).isEqualTo(new AppendOutcome.Sealed());
                return next;
              });
      assertThat(heads.get(1))
          .as("next seq of who appended, where the session was sealed at seq %d", heads.get(0))
          .isEqualTo(heads.get(0));
      assertThat(await(store.load(session.id())).orElseThrow().record().sealed()).isTrue();
      List<Segment> all = segments(session, 1, Integer.MAX_VALUE);
      long next = await(store.load(session.id())).orElseThrow().nextSeq();
      assertThat(all).as("what is read of a session that was sealed").isNotEmpty();
      assertThat(all.get(all.size() - 1).nextSeq()).isLessThanOrEqualTo(next);
      assertThat(append(session, StoreData.segment(next, 1))).isEqualTo(new AppendOutcome.Sealed());
    }
  }

  @Test
  @DisplayName("SES-8, SPI-11: an update that races with a seal undoes neither")
  void updateAndSeal() throws Exception {
    for (int round : Rounds.upTo(ROUNDS)) {
      SessionRecord first = StoreData.record(StoreData.key("both-" + round));
      await(store.create(first));
      List<Object> outcomes =
          AtOnce.run(
              2,
              thread ->
                  thread == 0
                      ? append(first.key(), StoreData.sealing(1, 0))
                      : await(store.update(StoreData.retitled(first, "new"), 1)));
      SessionRecord after = await(store.load(first.key().id())).orElseThrow().record();
      boolean updated = outcomes.get(1).equals(new UpdateOutcome.Updated());
      assertThat(outcomes.get(0)).isEqualTo(COMMITTED);
      assertThat(after.sealed()).isTrue();
      assertThat(after.version()).isEqualTo(updated ? 3 : 2);
      assertThat(after.title().orElse("").equals("new")).isEqualTo(updated);
    }
  }

  @Test
  @DisplayName("SES-7, SPI-11: of concurrent deletes, one is answered Deleted")
  void deleters() throws Exception {
    for (int round : Rounds.upTo(ROUNDS)) {
      SessionKey session = StoreData.key("gone-" + round);
      await(store.create(StoreData.record(session)));
      List<Object> outcomes =
          AtOnce.run(
              THREADS,
              thread ->
                  thread == 0
                      ? append(session, StoreData.segment(1, 1))
                      : await(store.delete(session)));
      assertThat(outcomes.subList(1, THREADS)).containsOnlyOnce(new DeleteOutcome.Deleted());
      assertThat(await(store.load(session.id()))).isEmpty();
      assertThat(append(session, StoreData.segment(2, 1))).isEqualTo(new AppendOutcome.Gone());
    }
  }
}
