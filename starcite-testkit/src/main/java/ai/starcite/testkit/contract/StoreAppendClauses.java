package ai.starcite.testkit.contract;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoredSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promises SPI-6 and SPI-7: segments follow each other without holes, up to the seal. */
public abstract class StoreAppendClauses extends SpiFixture {

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("APP-1, SPI-6: what is committed is there, as it was")
  void committed(Then then) {
    create();
    Segment first = append(StoreData.segment(1, 3));
    Segment second = append(StoreData.segment(4, 2));
    let(then);
    assertThat(load().nextSeq())
        .as("the next seq after segments of 3 and 2 events, %s", then)
        .isEqualTo(6);
    List<Segment> read = segments(key, 1, Integer.MAX_VALUE);
    assertThat(read).as("both segments, read %s", then).hasSize(2);
    checkBytes("the first of both segments, read " + then, read.get(0).bytes(), first.bytes());
    checkBytes("the second of both segments, read " + then, read.get(1).bytes(), second.bytes());
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SPI-6: segments of all sizes, and slices of larger arrays, are stored exactly")
  void partsOfArrays(Then then) {
    create();
    Random random = new Random(1);
    List<byte[]> expected = new ArrayList<>();
    for (int bytes : new int[] {10, 2_000, 3 << 20, 10, 100_000, 1 << 20}) {
      byte[] alone =
          StoreData.segment(1 + expected.size(), 1, bytes, false, random).bytes().clone();
      byte[] array = new byte[7 + alone.length + random.nextInt(100)];
      random.nextBytes(array);
      System.arraycopy(alone, 0, array, 7, alone.length);
      append(Segment.at(array, 7));
      expected.add(alone);
    }
    let(then);
    List<byte[]> read = new ArrayList<>();
    while (read.size() < expected.size()) {
      List<Segment> next = segments(key, 1 + read.size(), Integer.MAX_VALUE);
      assertThat(next).as("read from seq %d of 6, %s", 1 + read.size(), then).isNotEmpty();
      next.forEach(each -> read.add(each.bytes()));
    }
    assertThat(read).as("how many segments are read %s", then).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      checkBytes("segment %d of 6, read %s".formatted(i + 1, then), read.get(i), expected.get(i));
    }
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("APP-2, SPI-6: a segment that does not begin at the next seq is a conflict")
  void conflicts(Then then) {
    create();
    append(StoreData.segment(1, 3));
    append(StoreData.segment(4, 2));
    let(then);
    for (long firstSeq : new long[] {1, 2, 4, 5, 7, 1_000_000}) {
      assertThat(append(key, StoreData.segment(firstSeq, 1)))
          .as("for a new segment at %d, where 6 is next", firstSeq)
          .isEqualTo(new AppendOutcome.Conflict(6));
    }
    assertThat(load().nextSeq()).isEqualTo(6);
    append(StoreData.segment(6, 1));
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("APP-7, SPI-6: a segment that is sent again is stored once")
  void repeated(Then then) {
    create();
    List<Segment> sent = List.of(StoreData.segment(1, 3), StoreData.segment(4, 2));
    sent.forEach(this::append);
    let(then);
    for (Segment each : sent) {
      AppendOutcome again = append(key, each);
      // The log tells its own segment by the token, if the store does not.
      if (!again.equals(COMMITTED)) {
        assertThat(again).isEqualTo(new AppendOutcome.Conflict(6));
      }
    }
    assertThat(read(1, Integer.MAX_VALUE))
        .as("the tokens of all segments, each of which was sent twice")
        .isEqualTo(tokens(sent));
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("APP-7, SPI-6: a segment that is sent again does not move the head")
  void repeatedMovesNothing(Then then) {
    create();
    List<Segment> sent = new ArrayList<>();
    for (Segment each : List.of(StoreData.segment(1, 3), StoreData.segment(4, 2))) {
      sent.add(append(each));
      append(key, each);
      assertThat(load().nextSeq())
          .as("the next seq after %s was sent twice", each)
          .isEqualTo(each.nextSeq());
    }
    let(then);
    assertThat(load().nextSeq())
        .as("the next seq after segments of 3 and 2 events, sent twice, %s", then)
        .isEqualTo(6);
    sent.forEach(each -> append(key, each));
    assertThat(load().nextSeq()).as("the next seq after one more repeat of each").isEqualTo(6);
    sent.add(append(StoreData.segment(6, 1)));
    assertThat(read(1, Integer.MAX_VALUE)).isEqualTo(tokens(sent));
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SES-7, SPI-6: another incarnation than the stored one is gone")
  void otherEpoch(Then then) {
    create();
    append(StoreData.segment(1, 1));
    let(then);
    assertThat(append(nextLife, StoreData.segment(2, 1)))
        .as("to a segment of another incarnation")
        .isEqualTo(new AppendOutcome.Gone());
    assertThat(append(nextLife, StoreData.segment(1, 1))).isEqualTo(new AppendOutcome.Gone());
    assertThat(load().nextSeq()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SES-8, SPI-7: a sealing segment seals the record too, and nothing follows")
  void sealing(Then then) {
    create();
    Segment last = append(StoreData.sealing(1, 2));
    let(then);
    assertThat(await(store.load("session")))
        .contains(new StoredSession(record.sealedBy(last), 3, Optional.empty()));
    assertThat(append(key, StoreData.segment(3, 1)))
        .as("to a segment behind the seal")
        .isEqualTo(new AppendOutcome.Sealed());
    assertThat(append(key, StoreData.sealing(3, 0))).isEqualTo(new AppendOutcome.Sealed());
    AppendOutcome again = append(key, last);
    if (!again.equals(COMMITTED) && !again.equals(new AppendOutcome.Conflict(3))) {
      assertThat(again).as("to the seal itself, repeated").isEqualTo(new AppendOutcome.Sealed());
    }
    assertThat(load().record().version()).as("raised once").isEqualTo(2);
    assertThat(read(1, Integer.MAX_VALUE)).containsExactly(last.token());
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SES-8, SPI-7: a seal without events is found at the next seq")
  void sealWithoutEvents(Then then) {
    create();
    Segment events = append(StoreData.segment(1, 2));
    Segment seal = append(StoreData.sealing(3, 0));
    let(then);
    assertThat(load().record().sealed()).as("whether the record is sealed").isTrue();
    assertThat(load().nextSeq()).isEqualTo(3);
    assertThat(read(3, 1)).containsExactly(seal.token());
    assertThat(read(2, Integer.MAX_VALUE)).containsExactly(events.token(), seal.token());
    assertThat(append(key, StoreData.segment(3, 1)))
        .as("to a segment behind the seal")
        .isEqualTo(new AppendOutcome.Sealed());
    assertThat(append(key, StoreData.sealing(3, 0))).isEqualTo(new AppendOutcome.Sealed());
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SES-8, SPI-7: a sealed session can be updated, and stays sealed")
  void updatedAfterSeal(Then then) {
    create();
    Segment seal = append(StoreData.sealing(1, 0));
    SessionRecord third = StoreData.retitled(record.sealedBy(seal), "third");
    await(store.update(third, 2));
    let(then);
    assertThat(load().record()).isEqualTo(third);
    assertThat(load().record().sealed()).isTrue();
    assertThat(append(key, StoreData.segment(1, 1))).isEqualTo(new AppendOutcome.Sealed());
  }

  @Test
  @DisplayName("SPI-6: the longest segment that the store declares is stored, or refused")
  void longest() {
    create();
    int most = Math.min(store.capabilities().maxSegmentBytes(), 64 << 20);
    Segment longest = StoreData.segment(1, 1, most - 84, false, new Random(1));
    append(longest);
    List<Segment> read = segments(key, 1, 1);
    assertThat(read).as("the read of the longest segment").hasSize(1);
    checkBytes("the longest segment", read.get(0).bytes(), longest.bytes());
    if (most == store.capabilities().maxSegmentBytes()) {
      Segment longer = StoreData.segment(2, 1, most - 83, false, new Random(1));
      assertThat(append(key, longer))
          .isInstanceOfSatisfying(
              Rejected.class,
              refused ->
                  assertThat(((SessionLogException) refused.cause()).code())
                      .isEqualTo(Code.INVALID));
    }
  }
}
