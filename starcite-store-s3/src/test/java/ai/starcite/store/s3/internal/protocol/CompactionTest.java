package ai.starcite.store.s3.internal.protocol;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.store.s3.MemoryObjects;
import ai.starcite.store.s3.PassingObjects;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.Sessions;
import ai.starcite.store.s3.Stores;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Manifest;
import ai.starcite.testkit.contract.StoreData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compaction and reclaiming move data without changing it, and leave nothing unneeded. */
class CompactionTest {
  private static final Duration GRACE = Duration.ofHours(24);

  private final MemoryObjects objects = new MemoryObjects();
  private final S3SegmentStore store =
      Stores.open(objects, S3Settings.DEFAULT.withCompaction(8, 1 << 20, 64 << 10));
  private SessionRecord record;
  private SessionKey session;

  @BeforeEach
  void create() {
    record = Sessions.create(store, "s");
    session = record.key();
  }

  private List<String> keys(String kind) {
    return objects.keys("d/").stream().filter(key -> key.contains("/" + kind + "/")).toList();
  }

  private Manifest newest() {
    return Manifest.fromBytes(objects.bytes(keys("m").get(0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 20, 200})
  void theLogStaysTheSame(int count) {
    List<UUID> appended = Sessions.append(store, session, count, 1_000);
    assertThat(boundary()).isEqualTo(4L * (count / 8) * 8 + 1);
    S3SegmentStore cold = Stores.open(objects);
    assertThat(Sessions.tokens(store, session, 1)).isEqualTo(appended);
    assertThat(Sessions.tokens(cold, session, 1)).isEqualTo(appended);
    await(cold.maintain());
    assertThat(newest().boundary()).isEqualTo(4L * count + 1);
    assertThat(Sessions.tokens(store, session, 1)).isEqualTo(appended);
    objects.pass(GRACE.multipliedBy(2));
    await(cold.maintain());
    assertThat(keys("w")).isEmpty();
    assertThat(keys("m")).hasSize(1);
    assertThat(keys("c")).hasSameSizeAs(newest().chunks());
    assertThat(Sessions.tokens(store, session, 1)).isEqualTo(appended);
    assertThat(Sessions.tokens(Stores.open(objects), session, 1)).isEqualTo(appended);
    for (long seq = 1; seq <= 4L * count; seq++) {
      assertThat(Sessions.tokens(store, session, seq).get(0))
          .isEqualTo(appended.get((int) (seq - 1) / 4));
    }
  }

  private long boundary() {
    return keys("m").isEmpty() ? 1 : newest().boundary();
  }

  @Test
  void keepingAPageDoesNotKeepTheChunk() {
    Sessions.append(store, session, 8, 1_000);
    ReadOutcome read = await(Stores.open(objects).read(session, 5, 2_500));
    assertThat(((ReadOutcome.Segments) read).segments())
        .hasSize(2)
        .allMatch(segment -> segment.array().length == segment.length());
  }

  @Test
  void chunksAreMergedSoThatThereAreFew() {
    Sessions.append(store, session, 400, 1_000);
    long bytes = newest().chunks().stream().mapToLong(Manifest.ChunkRef::bytes).sum();
    assertThat(bytes).isGreaterThan(390_000);
    // Full ones of 64 KiB, and those that grow at the end.
    assertThat(newest().chunks().size()).isLessThan((int) (bytes / (32 << 10)) + 5);
    assertThat(newest().chunks()).allMatch(chunk -> chunk.bytes() <= 64 << 10);
  }

  @Test
  void nothingIsReclaimedDuringTheGrace() {
    Sessions.append(store, session, 16);
    List<String> segments = keys("w");
    assertThat(segments).hasSize(16);
    objects.pass(GRACE.minusMinutes(1));
    await(store.maintain());
    assertThat(keys("w")).isEqualTo(segments);
    objects.pass(Duration.ofMinutes(2));
    await(store.maintain());
    assertThat(keys("w")).isEmpty();
  }

  @Test
  void aReaderWhoseChunkWasMergedAwayFindsTheOther() {
    List<UUID> appended = new ArrayList<>(Sessions.append(store, session, 8));
    S3SegmentStore reader = Stores.open(objects);
    await(reader.load("s"));
    appended.addAll(Sessions.append(store, session, 8));
    await(store.maintain());
    assertThat(keys("c")).hasSize(1);
    assertThat(Sessions.tokens(reader, session, 1)).isEqualTo(appended);
  }

  @Test
  void orphansOfADecidedGenerationAreReclaimedAtOnceAndOfALaterOneNot() {
    Sessions.append(store, session, 8);
    Keys.Life life = Keys.of("s").in(1);
    objects.put(life.chunk(1, 2, 1, new UUID(1, 1)), new byte[] {1});
    objects.put(life.checkpoint(1, 1, new UUID(1, 1)), new byte[] {1});
    objects.put(life.chunk(1, 2, 2, new UUID(1, 1)), new byte[] {1});
    await(store.maintain());
    assertThat(keys("k")).isEmpty();
    assertThat(keys("c")).hasSize(2).contains(life.chunk(1, 2, 2, new UUID(1, 1)));
  }

  @Test
  void theSealStaysWhereItIs() {
    List<UUID> appended = new ArrayList<>(Sessions.append(store, session, 3));
    Segment seal = StoreData.sealing(13, 2);
    appended.add(seal.token());
    assertThat(await(store.append(session, seal))).isEqualTo(Sessions.COMMITTED);
    await(store.maintain());
    objects.pass(GRACE.multipliedBy(2));
    await(store.maintain());
    assertThat(keys("w")).hasSize(1);
    S3SegmentStore cold = Stores.open(objects);
    assertThat(await(cold.load("s")).orElseThrow().record()).isEqualTo(record.sealedBy(seal));
    assertThat(await(cold.append(session, StoreData.segment(15, 1))))
        .isEqualTo(new AppendOutcome.Sealed());
    assertThat(await(cold.read(session, 15, 1))).isEqualTo(new ReadOutcome.Segments(List.of()));
    assertThat(await(cold.read(session, 1, 1 << 20))).isInstanceOf(ReadOutcome.Segments.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100_000})
  void aCheckpointIsSavedWithTheCompaction(int bytes) {
    Sessions.append(store, session, 3);
    byte[] state = new byte[bytes];
    state[bytes - 1] = 7;
    await(store.checkpoint(session, new StateCheckpoint(9, state)));
    S3SegmentStore cold = Stores.open(objects);
    StateCheckpoint saved = await(cold.load("s")).orElseThrow().checkpoint().orElseThrow();
    assertThat(saved.nextSeq()).isEqualTo(9);
    assertThat(saved.bytes()).isEqualTo(state);
    Sessions.append(store, session, 3);
    await(store.checkpoint(session, new StateCheckpoint(21, state)));
    await(store.maintain());
    assertThat(keys("k")).hasSize(bytes > 8 << 10 ? 1 : 0);
    assertThat(await(Stores.open(objects).load("s")).orElseThrow().checkpoint())
        .map(StateCheckpoint::nextSeq)
        .contains(21L);
  }

  @Test
  void aCheckpointIsSavedThoughANewerOneArrivesDuringAppends() {
    Sessions.append(store, session, 2);
    Runnable[] meanwhile = {() -> {}};
    S3SegmentStore busy =
        Stores.open(
            new PassingObjects(objects.client()) {
              @Override
              public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
                if (key.contains("/c/")) {
                  meanwhile[0].run();
                }
                return super.putIfAbsent(key, bytes);
              }
            },
            S3Settings.DEFAULT);
    assertThat(await(busy.load("s"))).isPresent();
    await(busy.checkpoint(session, new StateCheckpoint(5, new byte[] {1})));
    meanwhile[0] =
        () -> {
          assertThat(await(busy.append(session, StoreData.segment(9, 4))))
              .isEqualTo(Sessions.COMMITTED);
          await(busy.checkpoint(session, new StateCheckpoint(13, new byte[] {2})));
        };
    await(busy.maintain());
    assertThat(newest().boundary()).isEqualTo(9);
    assertThat(await(Stores.open(objects).load("s")).orElseThrow().checkpoint())
        .map(StateCheckpoint::nextSeq)
        .contains(5L);
  }

  @Test
  void segmentsOutOfSequenceAreNotCompacted() {
    Sessions.append(store, session, 2);
    assertThat(await(store.append(session, StoreData.segment(9, 1)))).isEqualTo(Sessions.COMMITTED);
    await(store.maintain());
    assertThat(newest().boundary()).isEqualTo(9);
    assertThat(Sessions.tokens(store, session, 1)).hasSize(3);
  }

  @Test
  void aLostChunkIsReportedAsDamage() {
    Sessions.append(store, session, 8);
    objects.remove(keys("c").get(0));
    S3SegmentStore cold = Stores.open(objects);
    assertThat(await(cold.load("s"))).isPresent();
    assertThatThrownBy(() -> await(cold.read(session, 1, 1)))
        .hasMessageContaining("session s is damaged at seq 1");
  }
}
