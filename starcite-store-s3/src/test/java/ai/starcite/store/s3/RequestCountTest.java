package ai.starcite.store.s3;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.store.s3.internal.protocol.S3Settings;
import ai.starcite.testkit.contract.StoreData;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each call costs: requests are money and time. */
class RequestCountTest {
  private final MemoryObjects objects = new MemoryObjects();
  private final S3SegmentStore store =
      Stores.open(objects, S3Settings.DEFAULT.withMaintains(false));
  private SessionKey session;

  @BeforeEach
  void create() {
    session = Sessions.create(store, "s").key();
    Sessions.append(store, session, 1);
    objects.requests();
  }

  @Test
  void anAppendIsOnePut() {
    await(store.append(session, Sessions.following(new UUID(0, 0), 5, 100)));
    assertThat(objects.requests("put")).isEqualTo(1);
    assertThat(objects.requests()).isZero();
  }

  @Test
  void lookingForTheHeadIsOneGet() {
    assertThat(await(store.read(session, 5, 1))).isEqualTo(new ReadOutcome.Segments(List.of()));
    assertThat(objects.requests("get")).isEqualTo(1);
    assertThat(objects.requests()).isZero();
  }

  @Test
  void readingAForeignSegmentIsOneGet() {
    S3SegmentStore other = Stores.open(objects);
    Sessions.append(other, session, 1);
    objects.requests();
    assertThat(((ReadOutcome.Segments) await(store.read(session, 5, 1))).segments()).hasSize(1);
    assertThat(objects.requests("get")).isEqualTo(1);
    assertThat(objects.requests()).isZero();
  }

  @Test
  void aLostRaceIsOnePutAndTwoGets() {
    S3SegmentStore other = Stores.open(objects);
    UUID theirs = Sessions.append(other, session, 1).get(0);
    objects.requests();
    Segment mine = Sessions.following(new UUID(0, 0), 5, 100);
    assertThat(await(store.append(session, mine))).isEqualTo(new AppendOutcome.Conflict(9));
    assertThat(Sessions.tokens(store, session, 5)).containsExactly(theirs);
    assertThat(objects.requests("put")).isEqualTo(1);
    assertThat(objects.requests("get")).isEqualTo(2);
    assertThat(objects.requests()).isZero();
  }

  @Test
  void anUpdateIsOnePut() {
    SessionRecord record = StoreData.record(session);
    await(store.update(StoreData.retitled(record, "t"), 1));
    assertThat(objects.requests("put")).isEqualTo(1);
    assertThat(objects.requests()).isZero();
  }

  @Test
  void openingAColdSessionTakesFourRequestsAndItsLastSegment() {
    Sessions.append(store, session, 100);
    await(store.maintain());
    Sessions.append(store, session, 5);
    S3SegmentStore cold = Stores.open(objects);
    objects.requests();
    assertThat(await(cold.load("s")).orElseThrow().nextSeq()).isEqualTo(4 * 106 + 1);
    assertThat(objects.requests("list")).isEqualTo(3);
    assertThat(objects.requests("get")).isEqualTo(2);
    assertThat(objects.requests()).isZero();
  }

  @Test
  void openingAJustCompactedSessionTakesFourRequests() {
    Sessions.append(store, session, 100);
    await(store.maintain());
    S3SegmentStore cold = Stores.open(objects);
    objects.requests();
    assertThat(await(cold.load("s")).orElseThrow().nextSeq()).isEqualTo(4 * 101 + 1);
    assertThat(objects.requests()).isEqualTo(4);
  }

  @Test
  void replayingCompactedEventsTakesOneGetPerEightMebibytesOrMore() {
    Sessions.append(store, session, 80, 500 << 10);
    await(store.maintain());
    S3SegmentStore cold = Stores.open(objects);
    await(cold.load("s"));
    objects.requests();
    assertThat(Sessions.tokens(cold, session, 1)).hasSize(81);
    // Three chunks of 40 MiB, and the look at the head.
    assertThat(objects.requests()).isEqualTo(4);
  }

  @Test
  void maintainingASessionThatNobodyUsesTakesFourteenListingsAndTwoGets() {
    tidy();
    await(Stores.open(objects).maintain());
    assertThat(objects.requests("list")).isEqualTo(14);
    assertThat(objects.requests("get")).isEqualTo(2);
    assertThat(objects.requests()).isZero();
  }

  @Test
  void maintainingADeletedSessionTakesThreeListings() {
    await(store.delete(session));
    tidy();
    await(Stores.open(objects).maintain());
    assertThat(objects.requests("list")).isEqualTo(3);
    assertThat(objects.requests()).isZero();
  }

  /** Compacts and reclaims everything that is due. */
  private void tidy() {
    for (int i = 0; i < 3; i++) {
      await(store.maintain());
      objects.pass(S3Settings.DEFAULT.grace().multipliedBy(2));
    }
    objects.requests();
  }
}
