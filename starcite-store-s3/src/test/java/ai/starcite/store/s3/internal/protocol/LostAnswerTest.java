package ai.starcite.store.s3.internal.protocol;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.s3.MemoryObjects;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.ScriptedObjects;
import ai.starcite.store.s3.Sessions;
import ai.starcite.store.s3.Stores;
import ai.starcite.store.s3.internal.client.Retry;
import ai.starcite.testkit.contract.StoreData;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that fail: a retry recognises its own earlier attempt, and a refusal is definite only if
 * nothing was sent before.
 */
class LostAnswerTest {
  private static final int ATTEMPTS = 3;

  private final MemoryObjects objects = new MemoryObjects();
  private final ScriptedObjects line = new ScriptedObjects(objects.client());
  private final S3SegmentStore store =
      Stores.open(
          line,
          S3Settings.DEFAULT.withRetry(
              new Retry(ATTEMPTS, Duration.ofNanos(1), Duration.ofNanos(1))));
  private final Segment segment = Sessions.following(new UUID(0, 0), 1, 100);
  private SessionRecord record;
  private SessionKey session;

  @BeforeEach
  void create() {
    record = Sessions.create(store, "s");
    session = record.key();
    await(store.load("s"));
    objects.requests();
  }

  private void loseAll() {
    for (int i = 0; i < ATTEMPTS; i++) {
      line.loseAnswer();
    }
  }

  @Test
  void anAppendWhoseAnswerWasLostRecognisesItselfWhenRetried() {
    line.lose();
    line.loseAnswer();
    assertThat(await(store.append(session, segment))).isEqualTo(Sessions.COMMITTED);
    assertThat(objects.requests("put")).isEqualTo(2);
    assertThat(Sessions.tokens(store, session, 1)).containsExactly(segment.token());
  }

  @Test
  void anAppendWithoutAnyAnswerIsIndefinite() {
    loseAll();
    assertThat(await(store.append(session, segment))).isInstanceOf(Indefinite.class);
    assertThat(await(store.append(session, segment))).isEqualTo(Sessions.COMMITTED);
  }

  @Test
  void aRefusalIsDefiniteOnlyIfNothingWasSentBefore() {
    line.refuse();
    assertThat(await(store.append(session, segment))).isInstanceOf(Rejected.class);
    line.loseAnswer();
    line.refuse();
    assertThat(await(store.append(session, segment))).isInstanceOf(Indefinite.class);
    SessionRecord second = StoreData.retitled(record, "t");
    line.refuse();
    assertThat(await(store.update(second, 1))).isInstanceOf(Rejected.class);
    line.loseAnswer();
    line.refuse();
    assertThat(await(store.update(second, 1))).isInstanceOf(Indefinite.class);
    assertThat(await(store.update(second, 1))).isEqualTo(new UpdateOutcome.Updated());
  }

  @Test
  void anUpdateWithoutAnyAnswerIsResolvedByItself() {
    SessionRecord second = StoreData.retitled(record, "t");
    loseAll();
    assertThat(await(store.update(second, 1))).isInstanceOf(Indefinite.class);
    assertThat(await(store.update(second, 1))).isEqualTo(new UpdateOutcome.Updated());
    assertThat(await(store.load("s")).orElseThrow().record()).isEqualTo(second);
  }

  @Test
  void aCreateOfUnknownOutcomeDoesNotBringADeletedSessionBack() {
    SessionRecord other = StoreData.record(StoreData.key("other"));
    objects.requests();
    // The listing is answered, the put is not.
    S3SegmentStore creator =
        Stores.open(
            new LostPuts(objects.client()),
            S3Settings.DEFAULT.withRetry(
                new Retry(ATTEMPTS, Duration.ofNanos(1), Duration.ofNanos(1))));
    assertThat(await(creator.create(other))).isInstanceOf(Indefinite.class);
    assertThat(await(store.delete(other.key()))).isEqualTo(new DeleteOutcome.Deleted());
    assertThat(await(creator.create(other))).isInstanceOf(Indefinite.class);
    assertThat(await(store.load("other"))).isEmpty();
  }
}
