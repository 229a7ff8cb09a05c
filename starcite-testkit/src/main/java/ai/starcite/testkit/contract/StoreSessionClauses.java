package ai.starcite.testkit.contract;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promises SPI-1 to SPI-4, and SPI-9: sessions come, change and go. */
public abstract class StoreSessionClauses extends SpiFixture {
  private static final int FRESH = 5;
  private static final int UNDER_WAY = 100;

  /** After so long an answer will not come any more. */
  private static final Duration ANSWERED = Duration.ofSeconds(20);

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SPI-1: create stores a record, once")
  void created(Then then) {
    create();
    let(then);
    assertThat(await(store.load("session")))
        .contains(new StoredSession(record, 1, Optional.empty()));
    assertThat(await(store.create(StoreData.record(nextLife))))
        .as("for a rival with the same id")
        .isEqualTo(new CreateOutcome.Exists(record));
    assertThat(await(store.load("another"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SPI-1: a repeated create finds its own record")
  void createdAgain(Then then) {
    create();
    let(then);
    CreateOutcome again = await(store.create(record));
    if (!(again instanceof CreateOutcome.Created)) {
      assertThat(again).isEqualTo(new CreateOutcome.Exists(record));
    }
    assertThat(load().record()).isEqualTo(record);
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SES-2, SPI-1: similar ids are different sessions, and none reaches another's data")
  void hostileIds(Then then) {
    List<SessionRecord> records = new ArrayList<>();
    for (String id : StoreData.HOSTILE_IDS) {
      SessionRecord each = StoreData.record(StoreData.key(id));
      assertThat(await(store.create(each))).as("for %s", id).isEqualTo(new CreateOutcome.Created());
      assertThat(await(store.append(each.key(), StoreData.segment(1, records.size() + 1))))
          .isEqualTo(COMMITTED);
      records.add(each);
    }
    let(then);
    for (int i = 0; i < records.size(); i++) {
      assertThat(await(store.load(records.get(i).key().id())))
          .contains(new StoredSession(records.get(i), i + 2, Optional.empty()));
    }
    assertThat(await(store.delete(records.get(0).key()))).isEqualTo(new DeleteOutcome.Deleted());
    for (int i = 1; i < records.size(); i++) {
      assertThat(await(store.load(records.get(i).key().id())))
          .as("after another one was deleted")
          .contains(new StoredSession(records.get(i), i + 2, Optional.empty()));
    }
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SPI-2: update replaces the version that it expects, and no other")
  void updated(Then then) {
    create();
    SessionRecord second = StoreData.retitled(record, "second");
    assertThat(await(store.update(second, 1))).isEqualTo(new UpdateOutcome.Updated());
    let(then);
    assertThat(load().record()).isEqualTo(second);
    assertThat(await(store.update(StoreData.retitled(record, "rival"), 1)))
        .isEqualTo(new UpdateOutcome.Conflict(second));
    assertThat(await(store.update(StoreData.record(nextLife), 2)))
        .as("for another life of the id")
        .isEqualTo(new UpdateOutcome.Gone());
    assertThat(await(store.update(StoreData.record(StoreData.key("another")), 1)))
        .isEqualTo(new UpdateOutcome.Gone());
    assertThat(load().record()).isEqualTo(second);
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SPI-2: a repeated update finds that it is stored")
  void updatedAgain(Then then) {
    create();
    SessionRecord second = StoreData.retitled(record, "second");
    await(store.update(second, 1));
    let(then);
    UpdateOutcome again = await(store.update(second, 1));
    if (!(again instanceof UpdateOutcome.Updated)) {
      assertThat(again).isEqualTo(new UpdateOutcome.Conflict(second));
    }
    assertThat(load().record()).isEqualTo(second);
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SES-7, SPI-3: delete erases one life with all that belongs to it")
  void deleted(Then then) {
    create();
    append(StoreData.segment(1, 1));
    await(store.checkpoint(key, new StateCheckpoint(2, new byte[] {1})));
    assertThat(await(store.delete(nextLife)))
        .as("for another life of the id")
        .isEqualTo(new DeleteOutcome.Gone());
    assertThat(load().nextSeq()).isEqualTo(2);
    assertThat(await(store.delete(key))).isEqualTo(new DeleteOutcome.Deleted());
    let(then);
    assertThat(await(store.delete(key)))
        .as("when deleted again")
        .isEqualTo(new DeleteOutcome.Gone());
    assertThat(await(store.load("session"))).isEmpty();
    assertThat(await(store.read(key, 1, 1))).isEqualTo(new ReadOutcome.Gone());
    assertThat(append(key, StoreData.segment(2, 1))).isEqualTo(new AppendOutcome.Gone());
    assertThat(await(store.update(StoreData.retitled(record, "x"), 1)))
        .isEqualTo(new UpdateOutcome.Gone());
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName(
      "SES-7, SPI-3: an id that is created again starts empty, and its old life stays gone")
  void recreated(Then then) {
    create();
    append(StoreData.segment(1, 3));
    await(store.checkpoint(key, new StateCheckpoint(4, new byte[] {1})));
    await(store.delete(key));
    SessionRecord reborn = StoreData.record(nextLife);
    assertThat(await(store.create(reborn))).isEqualTo(new CreateOutcome.Created());
    let(then);
    assertThat(await(store.load("session")))
        .as("the new life, which has nothing of the old one")
        .contains(new StoredSession(reborn, 1, Optional.empty()));
    assertThat(read(nextLife))
        .as("what the new life reads from seq 1 on, before anything was appended to it")
        .isEmpty();
    assertThat(append(key, StoreData.segment(1, 1)))
        .as("for a writer of the old life")
        .isEqualTo(new AppendOutcome.Gone());
    assertThat(append(key, StoreData.segment(4, 1))).isEqualTo(new AppendOutcome.Gone());
    assertThat(await(store.read(key, 1, 1)))
        .as("for a reader of the old life")
        .isEqualTo(new ReadOutcome.Gone());
    assertThat(await(store.update(StoreData.retitled(record, "x"), 1)))
        .isEqualTo(new UpdateOutcome.Gone());
    assertThat(await(store.delete(key))).isEqualTo(new DeleteOutcome.Gone());
    Segment first = StoreData.segment(1, 2);
    assertThat(append(nextLife, first)).isEqualTo(COMMITTED);
    assertThat(await(store.load("session")))
        .contains(new StoredSession(reborn, 3, Optional.empty()));
    assertThat(read(nextLife))
        .as("what the new life reads from seq 1 on, after one append")
        .containsExactly(first.token());
  }

  private List<UUID> read(SessionKey session) {
    return tokens(segments(session, 1, Integer.MAX_VALUE));
  }

  @Test
  @DisplayName("SPI-4: load sees every write that was acknowledged before it")
  void loadIsFresh() {
    assertThat(await(store.load("session"))).isEmpty();
    create();
    assertThat(await(store.load("session"))).as("right after the create").isPresent();
    for (int i = 1; i <= FRESH; i++) {
      append(StoreData.segment(i, 1));
      assertThat(load().nextSeq()).as("the next seq right after append %d", i).isEqualTo(i + 1);
    }
    SessionRecord second = StoreData.retitled(record, "second");
    await(store.update(second, 1));
    assertThat(load().record()).as("right after the update").isEqualTo(second);
    await(store.delete(key));
    assertThat(await(store.load("session"))).as("right after the delete").isEmpty();
  }

  @Test
  @DisplayName("SPI-10: calls that are in flight when a store is closed are answered")
  void closedUnderWay() {
    create();
    List<SessionKey> sessions = new ArrayList<>();
    for (int i = 0; i < UNDER_WAY; i++) {
      sessions.add(StoreData.key("under-way-" + i));
      await(store.create(StoreData.record(sessions.get(i))));
    }
    List<CompletableFuture<AppendOutcome>> answers = new ArrayList<>();
    sessions.forEach(
        each -> answers.add(store.append(each, StoreData.segment(1, 1)).toCompletableFuture()));
    store.close();
    CompletableFuture<?> all =
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
            .exceptionally(failure -> null);
    assertThat(all)
        .as(
            "the answers to %d appends that were under way when the store was closed; Indefinite,"
                + " or a stage that fails, will do",
            UNDER_WAY)
        .succeedsWithin(ANSWERED);
    if (outlivesClose()) {
      store = openStore();
      for (int i = 0; i < UNDER_WAY; i++) {
        checkKept(sessions.get(i), answers.get(i));
      }
    }
  }

  private void checkKept(SessionKey session, CompletableFuture<AppendOutcome> answer) {
    if (answer.isCompletedExceptionally()) {
      return;
    }
    long next = await(store.load(session.id())).orElseThrow().nextSeq();
    if (answer.join() instanceof AppendOutcome.Committed) {
      assertThat(next).as("after an append that was Committed during close").isEqualTo(2);
    } else if (answer.join() instanceof Rejected) {
      assertThat(next).as("after an append that was Rejected during close").isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Then.class,
      names = {"AT_ONCE", "AFTER_REOPENING"})
  @DisplayName("SPI-4: load returns the latest checkpoint, an older one, or none, but no other")
  void checkpoints(Then then) {
    create();
    append(StoreData.segment(1, 5));
    // Together, since a store that collects what need not be durable answers late.
    List.of(
            store.checkpoint(key, new StateCheckpoint(4, new byte[] {1, 2})),
            store.checkpoint(key, new StateCheckpoint(6, new byte[] {3})),
            store.checkpoint(nextLife, new StateCheckpoint(1, new byte[] {4})),
            store.checkpoint(StoreData.key("another"), new StateCheckpoint(1, new byte[] {5})))
        .forEach(StoreData::await);
    let(then);
    load()
        .checkpoint()
        .ifPresent(
            saved ->
                assertThat(saved.bytes())
                    .as("the checkpoint that covers the events before seq %d", saved.nextSeq())
                    .isEqualTo(saved.nextSeq() == 6 ? new byte[] {3} : new byte[] {1, 2}));
    assertThat(load().nextSeq()).as("whatever the checkpoint says").isEqualTo(6);
  }

  @Test
  @DisplayName("SPI-9: a watch can be closed twice, and a hint does no harm")
  void watched() {
    create();
    var watch = store.watch(key, () -> {});
    append(StoreData.segment(1, 1));
    watch.close();
    watch.close();
    append(StoreData.segment(2, 1));
  }

  @Test
  @DisplayName("SPI-10: a store can be closed twice, and then refuses every call with CLOSED")
  void closed() {
    create();
    append(StoreData.segment(1, 1));
    store.close();
    store.close();
    SessionRecord other = StoreData.record(StoreData.key("other"));
    assertThat(await(store.create(other)))
        .as("create on a closed store")
        .isInstanceOfSatisfying(Rejected.class, no -> isClosed(no.cause()));
    assertThat(append(key, StoreData.segment(2, 1)))
        .as("append on a closed store")
        .isInstanceOfSatisfying(Rejected.class, no -> isClosed(no.cause()));
    assertThat(await(store.update(StoreData.retitled(record, "x"), 1)))
        .as("update on a closed store")
        .isInstanceOfSatisfying(Rejected.class, no -> isClosed(no.cause()));
    assertThat(await(store.delete(key)))
        .as("delete on a closed store")
        .isInstanceOfSatisfying(Rejected.class, no -> isClosed(no.cause()));
    isClosed(catchThrowable(() -> await(store.load("session"))));
    isClosed(catchThrowable(() -> await(store.read(key, 1, 1))));
    isClosed(catchThrowable(() -> await(store.list(new ListRequest("", Optional.empty(), 10)))));
  }

  private static void isClosed(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.CLOSED));
  }

  @Test
  @DisplayName("SPI-1: an unknown session is gone for every operation")
  void unknown() {
    SessionKey unknown = StoreData.key("unknown");
    assertThat(await(store.load("unknown"))).isEmpty();
    assertThat(append(unknown, StoreData.segment(1, 1))).isEqualTo(new AppendOutcome.Gone());
    assertThat(await(store.read(unknown, 1, 1))).isEqualTo(new ReadOutcome.Gone());
    assertThat(await(store.update(StoreData.record(unknown), 1)))
        .isEqualTo(new UpdateOutcome.Gone());
    assertThat(await(store.delete(unknown))).isEqualTo(new DeleteOutcome.Gone());
  }
}
