package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.store.rocksdb.Acknowledged.Found;
import ai.starcite.testkit.contract.StoreData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/** Damage to the tables of a store (clause ERR-2): what was acknowledged lives in SST files. */
class DamagedTableTest {
  private static final int FLIPS = 40;
  private static final RocksDbOptions SMALL_BUFFERS =
      RocksDbOptions.defaults().withWriteBufferBytes(1 << 20);

  @TempDir private Path parent;
  private Path original;
  private final Random random = new Random(1);
  private final Acknowledged acknowledged = new Acknowledged();

  @BeforeEach
  void name() {
    original = parent.resolve("original");
  }

  @Test
  void aFlippedByteOfATable_isReported_andNothingWrongIsReturned() throws Exception {
    writeFourSessions();
    sortIntoTables();
    Path copy = parent.resolve("copy");
    Set<Found> found = EnumSet.noneOf(Found.class);
    long seed = System.nanoTime();
    Random flips = new Random(seed);
    for (Path table : Directories.files(original, "\\d+\\.sst")) {
      for (int i = 0; i < FLIPS; i++) {
        Directories.copy(original, copy);
        int at = flip(copy.resolve(table.getFileName()), flips);
        try (RocksDbSegmentStore store = RocksDbSegmentStore.open(copy)) {
          Found each = acknowledged.compare(store);
          assertThat(each).as("%s at %d, seed %d", table, at, seed).isNotEqualTo(Found.A_PREFIX);
          found.add(each);
        } catch (SessionLogException e) {
          assertThat(e.code()).isEqualTo(Code.CORRUPT);
        }
      }
    }
    assertThat(found).contains(Found.SOME_CORRUPT);
  }

  private void writeFourSessions() {
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(original)) {
      List<SessionKey> sessions = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        sessions.add(StoreData.key("s" + i));
        acknowledged.create(store, sessions.get(i));
      }
      for (int i = 0; i < 40; i++) {
        Segment segment = StoreData.segment(1 + i / 4 * 3, 3, 600, false, random);
        acknowledged.append(store, sessions.get(i % 4), segment);
      }
    }
  }

  private void sortIntoTables() throws RocksDBException {
    try (Tuning tuning = new Tuning(RocksDbOptions.defaults(), true, true)) {
      List<ColumnFamilyHandle> families = new ArrayList<>();
      try (RocksDB rocks =
          RocksDB.open(tuning.database(), original.toString(), tuning.families(), families)) {
        for (ColumnFamilyHandle family : families) {
          rocks.compactRange(family);
          family.close();
        }
      }
    }
  }

  /**
   * Their incarnations lie between each other's, so that a search for one passes the others'
   * blocks.
   */
  @Test
  void aDamagedTable_doesNotConcernSessionsThatHaveNothingInIt() throws Exception {
    List<SessionKey> damaged = write("damaged");
    sortIntoTables();
    List<SessionKey> whole = write("whole");
    RocksDbSegmentStore.open(original).close();
    for (Path table : tablesOf(damaged)) {
      byte[] bytes = Files.readAllBytes(table);
      // All blocks of segments; what is behind them says where they are.
      for (int at = 0; at < 100_000; at += 1_000) {
        bytes[at] ^= 1;
      }
      Files.write(table, bytes);
    }
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(original)) {
      assertThat(damaged)
          .anySatisfy(
              each ->
                  assertThatThrownBy(() -> StoreData.await(store.read(each, 1, 1)))
                      .isInstanceOfSatisfying(
                          SessionLogException.class,
                          e -> assertThat(e.code()).isEqualTo(Code.CORRUPT)));
      for (SessionKey each : whole) {
        ReadOutcome read = StoreData.await(store.read(each, 1, Integer.MAX_VALUE));
        assertThat(((ReadOutcome.Segments) read).segments()).hasSize(10);
        assertThat(StoreData.await(store.load(each.id())).orElseThrow().nextSeq()).isEqualTo(11);
        assertThat(StoreData.await(store.append(each, StoreData.segment(11, 1))))
            .isEqualTo(new AppendOutcome.Committed());
      }
    }
  }

  /** The tables with segments of these sessions. */
  private List<Path> tablesOf(List<SessionKey> sessions) throws Exception {
    byte[] key = Keys.segment(Keys.incarnation(sessions.get(0).incarnation()), 1);
    List<Path> tables = new ArrayList<>();
    for (Path table : Directories.files(original, "\\d+\\.sst")) {
      try (Options options = new Options();
          ReadOptions reading = new ReadOptions();
          SstFileReader reader = new SstFileReader(options)) {
        reader.open(table.toString());
        try (SstFileReaderIterator iterator = reader.newIterator(reading)) {
          iterator.seek(key);
          if (iterator.isValid() && Arrays.equals(iterator.key(), key)) {
            tables.add(table);
          }
        }
      }
    }
    assertThat(tables).hasSize(1);
    return tables;
  }

  private List<SessionKey> write(String name) {
    List<SessionKey> sessions = new ArrayList<>();
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(original)) {
      for (int i = 0; i < 20; i++) {
        SessionKey session = StoreData.key(name + i);
        sessions.add(session);
        StoreData.await(store.create(StoreData.record(session)));
        for (int seq = 1; seq <= 10; seq++) {
          StoreData.await(store.append(session, StoreData.segment(seq, 1, 600, false, random)));
        }
      }
    }
    return sessions;
  }

  private static int flip(Path file, Random flips) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = flips.nextInt(bytes.length);
    bytes[at] ^= (byte) (1 << flips.nextInt(8));
    Files.write(file, bytes);
    return at;
  }

  /** RocksDB takes no more writes once it has met a damaged block while it sorts tables. */
  @Test
  void aDamagedSession_doesNotStopTheOthers() throws IOException {
    SessionKey damaged = StoreData.key("damaged");
    writeAndDamage(damaged);
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(original, SMALL_BUFFERS)) {
      SessionKey other = StoreData.key("other");
      SessionRecord record = StoreData.record(other);
      CreateOutcome created = repeat(() -> store.create(record), Indefinite.class::isInstance);
      assertThat(created).isNotInstanceOf(Rejected.class);
      acknowledged.add(other);
      for (int seq = 1; seq <= 400; seq++) {
        Segment segment = StoreData.segment(seq, 1, 20_000, false, random);
        AppendOutcome appended =
            repeat(() -> store.append(other, segment), Indefinite.class::isInstance);
        assertThat(appended).isEqualTo(new AppendOutcome.Committed());
        acknowledged.add(other, segment);
      }
      assertThat(acknowledged.compare(store)).isEqualTo(Found.ALL);

      ReadOutcome before = StoreData.await(store.read(damaged, 1, Integer.MAX_VALUE));
      List<Segment> whole = ((ReadOutcome.Segments) before).segments();
      assertThat(whole).hasSizeBetween(1, 49);
      long next = whole.get(whole.size() - 1).nextSeq();
      assertThatThrownBy(() -> StoreData.await(store.read(damaged, next, 1)))
          .isInstanceOfSatisfying(
              SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.CORRUPT))
          .hasMessageContaining("session damaged at seq " + next)
          .hasMessageContaining("backup");
      StoreData.await(store.delete(damaged));
      assertThat(StoreData.await(store.load("damaged"))).isEmpty();
    }
  }

  @Test
  void aSessionWhoseEndIsDamaged_isReadUpToThere_andCanBeDeleted() throws IOException {
    NewSession session = NewSession.ofId("session");
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(original))) {
      log.create(session);
      for (int i = 1; i <= 50; i++) {
        log.append("session", event());
      }
    }
    RocksDbSegmentStore.open(original).close();
    flipInTables(500_000, length -> length - 10_000);
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(original))) {
      assertThat(log.get("session").lastSeq()).isEqualTo(50);
      try (Tail tail = log.tail("session", TailOptions.from(0).withoutFollowing())) {
        for (int seq = 1; seq < 50; seq++) {
          assertThat(tail.next().seq()).isEqualTo(seq);
        }
        assertCorrupt(tail::next).hasMessageContaining("session session at seq 50");
      }
      assertCorrupt(() -> log.append("session", event()));
      log.delete("session");
      assertThat(log.list(SessionQuery.active()).sessions()).isEmpty();
      log.create(session);
      assertThat(log.append("session", event()).seq()).isOne();
    }
  }

  private NewEvent event() {
    byte[] bytes = new byte[15_000];
    random.nextBytes(bytes);
    return NewEvent.of("t", Json.encode(Map.of("data", Base64.getEncoder().encodeToString(bytes))));
  }

  @Test
  void aDamagedRecord_endsTheListThere_andDoesNotHideWhatIsBefore() throws IOException {
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(original))) {
      for (int i = 0; i < 300; i++) {
        Json metadata = Json.encode(Map.of("n", String.valueOf(random.nextLong()).repeat(20)));
        log.create(NewSession.ofId("s%04d".formatted(i)).withMetadata(metadata));
      }
    }
    RocksDbSegmentStore.open(original).close();
    flipInTables(10_000, length -> length / 2);
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(original))) {
      SessionQuery all = SessionQuery.active().withLimit(1_000);
      SessionPage before = log.list(all);
      assertThat(before.sessions()).hasSizeBetween(1, 299);
      String last = before.sessions().get(before.sessions().size() - 1).id();
      assertThat(before.next()).hasValue(last);
      assertCorrupt(() -> log.list(all.withAfter(last)))
          .hasMessageContaining("the list of sessions behind " + last)
          .hasMessageContaining("backup")
          .hasMessageNotContaining("delete");
      assertThat(log.list(all.withAfter("s0290")).sessions()).hasSize(9);
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertCorrupt(
      ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.CORRUPT));
  }

  private void flipInTables(int leastBytes, IntUnaryOperator at) throws IOException {
    for (Path table : Directories.files(original, "\\d+\\.sst")) {
      byte[] bytes = Files.readAllBytes(table);
      if (bytes.length > leastBytes) {
        bytes[at.applyAsInt(bytes.length)] ^= 1;
        Files.write(table, bytes);
      }
    }
  }

  private static <O> O repeat(Supplier<CompletionStage<O>> call, Predicate<O> indefinite) {
    O outcome;
    do {
      outcome = StoreData.await(call.get());
    } while (indefinite.test(outcome));
    return outcome;
  }

  private void writeAndDamage(SessionKey session) throws IOException {
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(original)) {
      StoreData.await(store.create(StoreData.record(session)));
      for (int seq = 1; seq <= 50; seq++) {
        StoreData.await(store.append(session, StoreData.segment(seq, 1, 20_000, false, random)));
      }
    }
    // Recovery writes what the WAL holds into a table.
    RocksDbSegmentStore.open(original).close();
    flipInTables(500_000, length -> length / 2);
  }
}
