package ai.starcite.store.s3.internal.protocol;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.s3.MemoryObjects;
import ai.starcite.store.s3.PassingObjects;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.Sessions;
import ai.starcite.store.s3.Stores;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectException;
import ai.starcite.testkit.contract.StoreData;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Concurrent calls of one process that share what it knows of a session. */
class SharedKnownSessionTest {
  private static final int LARGE = 10_000;
  private static final int ROUNDS = 3_000;

  private final MemoryObjects objects = new MemoryObjects();
  private final HeldObjects line = new HeldObjects(objects.client());
  private final S3SegmentStore store = Stores.open(line, S3Settings.DEFAULT);
  private final S3SegmentStore other = Stores.open(objects);

  private static Segment seal(long first) {
    return StoreData.sealing(first, 4);
  }

  @ParameterizedTest(name = "sealed: {0}")
  @ValueSource(booleans = {false, true})
  @DisplayName("SES-7: of two that delete a session at once one is told that it did")
  void oneDeletes(boolean sealed) {
    for (int round = 0; round < ROUNDS; round++) {
      SessionKey session = Sessions.create(other, "s" + round).key();
      if (sealed) {
        assertThat(await(other.append(session, seal(1)))).isEqualTo(Sessions.COMMITTED);
      }
      CyclicBarrier start = new CyclicBarrier(2);
      CompletableFuture<DeleteOutcome> first =
          CompletableFuture.supplyAsync(() -> deleteAt(start, session));
      List<DeleteOutcome> told = List.of(deleteAt(start, session), first.join());
      assertThat(told)
          .describedAs("round %d", round)
          .containsExactlyInAnyOrder(new DeleteOutcome.Deleted(), new DeleteOutcome.Gone());
    }
  }

  private DeleteOutcome deleteAt(CyclicBarrier start, SessionKey session) {
    try {
      start.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return await(other.delete(session));
  }

  @Test
  @DisplayName("SES-7: an update is not stored behind the end of a life that others have seen")
  void nothingFollowsTheEnd() {
    SessionRecord record = Sessions.create(store, "s");
    assertThat(await(store.append(record.key(), seal(1)))).isEqualTo(Sessions.COMMITTED);
    record = await(store.load("s")).orElseThrow().record();
    line.hold(key -> key.startsWith("s/"));
    CompletionStage<DeleteOutcome> deletion = store.delete(record.key());
    assertThat(line.held()).isEqualTo(1);
    assertThat(await(other.load("s"))).isEmpty();
    line.hold(key -> false);
    assertThat(await(store.update(StoreData.retitled(record, "late"), record.version())))
        .isEqualTo(new UpdateOutcome.Gone());
    line.send();
    assertThat(await(deletion)).isEqualTo(new DeleteOutcome.Deleted());
  }

  @Test
  @DisplayName("SES-8: a session is not loaded with the events of a seal, but as open")
  void aSealIsNeverSeenInPart() {
    SessionKey session = Sessions.create(other, "s").key();
    Sessions.append(other, session, 2);
    await(other.checkpoint(session, new StateCheckpoint(9, new byte[LARGE])));
    line.hold(key -> key.contains("/k/"));
    CompletionStage<Optional<StoredSession>> loading = store.load("s");
    assertThat(line.held()).isEqualTo(1);
    line.hold(key -> key.contains("/m/"));
    CompletionStage<AppendOutcome> sealing = store.append(session, seal(9));
    line.send();
    StoredSession loaded = await(loading).orElseThrow();
    assertThat(loaded.nextSeq()).isEqualTo(loaded.record().sealed() ? 13 : 9);
    line.hold(key -> false);
    line.send();
    assertThat(await(sealing)).isEqualTo(Sessions.COMMITTED);
  }

  @Test
  @DisplayName("SES-7: who meets a deletion that cannot be completed is not told of a seal")
  void aDeletionIsNotTakenForASeal() {
    SessionKey session = Sessions.create(store, "s").key();
    Sessions.append(store, session, 1);
    S3SegmentStore witness = Stores.open(refusingGenerations(), S3Settings.DEFAULT);
    await(witness.load("s"));
    // It is deleted as far as the mark at the head.
    line.hold(key -> key.contains("/m/"));
    CompletionStage<DeleteOutcome> deletion = store.delete(session);
    assertThat(line.held()).isEqualTo(1);
    assertThat(await(witness.append(session, StoreData.segment(5, 1))))
        .isInstanceOf(Rejected.class);
    line.hold(key -> false);
    line.send();
    assertThat(await(deletion)).isEqualTo(new DeleteOutcome.Deleted());
  }

  private ObjectClient refusingGenerations() {
    return new PassingObjects(objects.client()) {
      @Override
      public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
        return key.contains("/m/")
            ? CompletableFuture.failedFuture(
                new ObjectException(ObjectException.Kind.REFUSED, "refused", null))
            : super.putIfAbsent(key, bytes);
      }
    };
  }
}
