package ai.starcite.store.s3.internal.protocol;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.s3.MemoryObjects;
import ai.starcite.store.s3.NoHints;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.Sessions;
import ai.starcite.store.s3.Stores;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Life;
import ai.starcite.testkit.contract.StoreData;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that slept while others compacted, reclaimed, deleted and created again: it must
 * neither lose what it writes nor trust what it sees.
 */
class SleeperTest {
  private static final Duration TWO_DAYS = Duration.ofHours(48);
  private static final UUID NONE = new UUID(0, 0);

  private final MemoryObjects objects = new MemoryObjects();
  private final S3SegmentStore sleeper = Stores.open(objects);
  private final S3SegmentStore other = Stores.open(objects);
  private SessionRecord record;
  private SessionKey session;

  @BeforeEach
  void knowTheSession() {
    record = Sessions.create(sleeper, "s");
    session = record.key();
    Sessions.append(sleeper, session, 2);
  }

  /** Removes all the segments that the sleeper knows. */
  private List<UUID> moveOn() {
    List<UUID> appended = Sessions.append(other, session, 10);
    await(other.maintain());
    objects.pass(TWO_DAYS);
    await(other.maintain());
    assertThat(objects.keys("d/")).noneMatch(key -> key.contains("/w/"));
    return appended;
  }

  @Test
  void itsAppendDoesNotCountWhereASegmentWasReclaimed() {
    Segment lost = Sessions.following(NONE, 9, 100);
    moveOn();
    assertThat(await(sleeper.append(session, lost))).isEqualTo(new AppendOutcome.Conflict(49));
    // It was stored, where nobody looks.
    assertThat(objects.keys("d/")).anyMatch(key -> key.endsWith("/w/" + "0".repeat(18) + "9"));
    assertThat(Sessions.tokens(sleeper, session, 1)).hasSize(12).doesNotContain(lost.token());
    assertThat(await(sleeper.append(session, lost)))
        .as("sent again, which meets itself")
        .isEqualTo(new AppendOutcome.Conflict(49));
    await(sleeper.maintain());
    assertThat(objects.keys("d/")).noneMatch(key -> key.contains("/w/"));
  }

  @Test
  void withoutTheCheckItsAppendWouldCount() {
    S3SegmentStore careless =
        Stores.over(
            objects.client(),
            S3Settings.DEFAULT,
            Mutants.without(Rule.CHECK_STORED),
            Stores.environment(),
            new NoHints());
    await(careless.load("s"));
    moveOn();
    assertThat(await(careless.append(session, Sessions.following(NONE, 9, 100))))
        .isEqualTo(Sessions.COMMITTED);
  }

  @Test
  void itRecognisesItsSegmentThatWasCompactedSince() {
    Segment own = Sessions.following(NONE, 9, 100);
    assertThat(await(other.append(session, own))).isEqualTo(Sessions.COMMITTED);
    Sessions.append(other, session, 3);
    await(other.maintain());
    objects.pass(TWO_DAYS);
    await(other.maintain());
    // Sent by the sleeper before, as it were, with an answer that never came.
    assertThat(await(sleeper.append(session, own)))
        .isIn(Sessions.COMMITTED, new AppendOutcome.Conflict(25));
    List<UUID> all = Sessions.tokens(sleeper, session, 1);
    assertThat(all).hasSize(6).doesNotHaveDuplicates();
    assertThat(all.get(2)).isEqualTo(own.token());
  }

  @Test
  void itsTailFindsEverythingUpToTheHead() {
    List<UUID> appended = moveOn();
    assertThat(Sessions.tokens(sleeper, session, 9)).isEqualTo(appended);
    assertThat(await(sleeper.load("s")).orElseThrow().nextSeq()).isEqualTo(49);
  }

  @Test
  void itsUpdateDoesNotCountWhereAGenerationWasReclaimed() {
    SessionRecord second = StoreData.retitled(record, "second");
    SessionRecord third = StoreData.retitled(second, "third");
    await(other.update(second, 1));
    await(other.update(third, 2));
    objects.pass(TWO_DAYS);
    await(other.maintain());
    objects.pass(TWO_DAYS);
    await(other.maintain());
    UpdateOutcome outcome = await(sleeper.update(StoreData.retitled(record, "mine"), 1));
    assertThat(outcome)
        .isNotInstanceOf(UpdateOutcome.Updated.class)
        .isNotInstanceOf(Rejected.class);
    assertThat(await(sleeper.load("s")).orElseThrow().record()).isEqualTo(third);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itCannotReachANewLife(boolean reclaimed) {
    await(other.delete(session));
    SessionRecord reborn = StoreData.record(StoreData.key("s", 2));
    assertThat(await(other.create(reborn))).isEqualTo(new CreateOutcome.Created());
    if (reclaimed) {
      objects.pass(TWO_DAYS);
      await(other.maintain());
      assertThat(objects.keys("d/")).isEmpty();
      assertThat(objects.keys("s/")).hasSize(1);
    }
    AppendOutcome outcome = await(sleeper.append(session, Sessions.following(NONE, 9, 100)));
    // What was sent to a life that is over is unknown, until it is sent again.
    assertThat(outcome).isInstanceOf(reclaimed ? Indefinite.class : AppendOutcome.Gone.class);
    assertThat(await(sleeper.append(session, Sessions.following(NONE, 9, 100))))
        .isEqualTo(new AppendOutcome.Gone());
    assertThat(await(sleeper.read(session, 9, 1))).isEqualTo(new ReadOutcome.Gone());
    assertThat(await(sleeper.delete(session))).isEqualTo(new DeleteOutcome.Gone());
    assertThat(await(sleeper.load("s")).orElseThrow().record()).isEqualTo(reborn);
    assertThat(await(sleeper.load("s")).orElseThrow().nextSeq()).isEqualTo(1);
    await(other.maintain());
    objects.pass(TWO_DAYS);
    await(other.maintain());
    assertThat(objects.keys("d/")).as("what the old life left behind").isEmpty();
  }

  @Test
  void aLateLifeBelowATombstoneIsNotASession() {
    await(other.delete(session));
    objects.pass(TWO_DAYS);
    await(other.maintain());
    assertThat(objects.keys("s/")).hasSize(1);
    SessionRecord late = StoreData.record(StoreData.key("s", 3));
    objects.put(Keys.of("s").life(1), Life.of(late).toBytes());
    assertThat(await(sleeper.load("s"))).isEmpty();
    assertThat(await(other.create(StoreData.record(StoreData.key("s", 4)))))
        .isEqualTo(new CreateOutcome.Created());
  }

  @Test
  void aStrictProcessAgrees() {
    S3SegmentStore strict = Stores.open(objects, S3Settings.DEFAULT.withStrict(true));
    Sessions.append(strict, session, 3);
    moveOn();
    Sessions.append(strict, session, 3);
    assertThat(Sessions.tokens(strict, session, 1))
        .hasSize(18)
        .isEqualTo(Sessions.tokens(other, session, 1));
    assertThat(await(strict.update(StoreData.retitled(record, "t"), 1)))
        .isEqualTo(new UpdateOutcome.Updated());
    assertThat(await(strict.delete(session))).isEqualTo(new DeleteOutcome.Deleted());
    assertThat(await(other.load("s"))).isEmpty();
  }
}
