package ai.starcite.store.rocksdb;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.testkit.contract.StoreData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operations of the store answer, and what they leave behind when it is opened again. */
class RocksDbSegmentStoreTest {
  private static final AppendOutcome COMMITTED = new AppendOutcome.Committed();

  @TempDir private Path directory;
  private RocksDbSegmentStore store;
  private final SessionKey key = StoreData.key("session");
  private final SessionRecord record = StoreData.record(key);

  @BeforeEach
  void open() {
    store = RocksDbSegmentStore.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    open();
  }

  private void create() {
    assertThat(await(store.create(record))).isEqualTo(new CreateOutcome.Created());
  }

  @Test
  void lastSeqs_areFound_inTablesOfMoreSessionsThanAPieceOfTheFilterHolds() {
    int sessions = 10_000;
    List<CompletionStage<?>> written = new ArrayList<>();
    long[] nextSeqs = new long[sessions];
    for (int i = 0; i < sessions; i++) {
      written.add(store.create(StoreData.record(StoreData.key("session-" + i))));
    }
    for (int table = 1; table <= 3; table++) {
      for (int i = 0; i < sessions; i++) {
        long next = Math.max(1, nextSeqs[i]);
        if (i % table == 0) {
          Segment segment = StoreData.segment(next, 1 + i % 3);
          written.add(store.append(StoreData.key("session-" + i), segment));
          next = segment.nextSeq();
        }
        nextSeqs[i] = next;
      }
      written.forEach(StoreData::await);
      // What was written goes into a table.
      reopen();
    }
    for (int i = 0; i < sessions; i++) {
      SessionKey session = StoreData.key("session-" + i);
      assertThat(await(store.load(session.id())).orElseThrow().nextSeq())
          .as("the next seq of %s", session)
          .isEqualTo(nextSeqs[i]);
      ReadOutcome last = await(store.read(session, nextSeqs[i] - 1, 1));
      assertThat(((ReadOutcome.Segments) last).segments())
          .as("the last segment of %s", session)
          .singleElement()
          .extracting(Segment::nextSeq)
          .isEqualTo(nextSeqs[i]);
    }
  }

  @Test
  void checkpoint_isKept_onceItIsAnswered() {
    create();
    await(store.append(key, StoreData.segment(1, 5)));
    await(store.checkpoint(key, new StateCheckpoint(4, new byte[] {1, 2})));
    assertThat(checkpoint()).hasValueSatisfying(saved -> isCheckpoint(saved, 4, 1, 2));
    // Not awaited: close writes what has been accepted.
    store.checkpoint(key, new StateCheckpoint(6, new byte[] {3}));
    reopen();
    assertThat(checkpoint()).hasValueSatisfying(saved -> isCheckpoint(saved, 6, 3));
    await(store.checkpoint(StoreData.key("session", 2), new StateCheckpoint(1, new byte[0])));
    await(store.checkpoint(StoreData.key("another"), new StateCheckpoint(1, new byte[0])));
  }

  private Optional<StateCheckpoint> checkpoint() {
    return await(store.load("session")).orElseThrow().checkpoint();
  }

  private static void isCheckpoint(StateCheckpoint saved, long nextSeq, int... bytes) {
    assertThat(saved.nextSeq()).isEqualTo(nextSeq);
    assertThat(saved.bytes()).containsExactly(bytes);
  }

  @Test
  void list_pagesInTheOrderOfUtf8Bytes() {
    // As UTF-16 the emoji comes before the character at the end of the basic plane.
    List<String> ids =
        new ArrayList<>(
            List.of("a", "A", "a/b", "ab", "../x", "é", "\uFFFD", "😀", "\u007F", "😀b"));
    ids.forEach(id -> await(store.create(StoreData.record(StoreData.key(id)))));
    ids.sort((a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b)));
    for (int limit = 1; limit <= ids.size() + 1; limit++) {
      assertThat(listAll("", limit)).isEqualTo(ids);
      for (String prefix : List.of("a", "a/", "😀", "\uFFFD", "zzz")) {
        assertThat(listAll(prefix, limit))
            .isEqualTo(ids.stream().filter(id -> id.startsWith(prefix)).toList());
      }
    }
    assertThat(await(store.list(new ListRequest("b", Optional.of("a"), 9))).records()).isEmpty();
    assertThat(await(store.list(new ListRequest("a", Optional.of("A"), 9))).records())
        .as("after lies before the prefix")
        .hasSize(3);
  }

  private List<String> listAll(String prefix, int limit) {
    List<String> ids = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      RecordPage page = await(store.list(new ListRequest(prefix, after, limit)));
      assertThat(page.records()).hasSizeLessThanOrEqualTo(limit);
      page.records().forEach(each -> ids.add(each.key().id()));
      after = page.next();
    } while (after.isPresent());
    return ids;
  }

  private static byte[] utf8(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }

  /** What is called on the committer's thread is decided in one batch. */
  @Test
  void commandsOfOneBatch_seeEachOther() {
    SessionKey nextLife = StoreData.key("session", 2);
    SessionRecord reborn = StoreData.record(nextLife);
    SessionRecord updated = StoreData.retitled(record, "new");
    Segment first = StoreData.segment(1, 1);
    Segment seal = StoreData.sealing(2, 1);
    List<CompletionStage<?>> stages = new ArrayList<>();
    await(
        store
            .delete(StoreData.key("nothing"))
            .thenAccept(
                gone -> {
                  stages.add(store.create(record));
                  stages.add(store.create(reborn));
                  stages.add(store.append(key, first));
                  stages.add(store.append(key, first));
                  stages.add(store.append(key, StoreData.segment(1, 1)));
                  stages.add(store.update(updated, 1));
                  stages.add(store.update(StoreData.retitled(record, "rival"), 1));
                  stages.add(store.append(key, seal));
                  stages.add(store.append(key, StoreData.segment(3, 1)));
                  stages.add(store.delete(key));
                  stages.add(store.append(key, StoreData.segment(3, 1)));
                  stages.add(store.create(reborn));
                  stages.add(store.append(nextLife, StoreData.segment(1, 7)));
                  stages.add(store.append(key, first));
                }));
    List<Object> outcomes = new ArrayList<>();
    stages.forEach(stage -> outcomes.add(await(stage)));
    assertThat(outcomes)
        .containsExactly(
            new CreateOutcome.Created(),
            new CreateOutcome.Exists(record),
            COMMITTED,
            COMMITTED,
            new AppendOutcome.Conflict(2),
            new UpdateOutcome.Updated(),
            new UpdateOutcome.Conflict(updated),
            COMMITTED,
            new AppendOutcome.Sealed(),
            new DeleteOutcome.Deleted(),
            new AppendOutcome.Gone(),
            new CreateOutcome.Created(),
            COMMITTED,
            new AppendOutcome.Gone());
    reopen();
    assertThat(await(store.load("session")))
        .contains(new StoredSession(reborn, 8, Optional.empty()));
  }

  @Test
  void theLongestSegment_isStored_andALongerOneRefused() {
    create();
    int most = store.capabilities().maxSegmentBytes();
    Segment longest = StoreData.segment(1, 1, most - 84, false, new Random(1));
    assertThat(longest.length()).isEqualTo(most);
    assertThat(await(store.append(key, longest))).isEqualTo(COMMITTED);
    Segment longer = StoreData.segment(2, 1, most - 83, false, new Random(1));
    AppendOutcome refused = await(store.append(key, longer));
    assertThat(refused).isInstanceOf(Rejected.class);
    assertInvalid(((Rejected) refused).cause());
    reopen();
    ReadOutcome read = await(store.read(key, 1, 1));
    assertThat(((ReadOutcome.Segments) read).segments().get(0).bytes()).isEqualTo(longest.bytes());
  }

  @Test
  void whatHasNoKey_isRefused() {
    SessionRecord lone = StoreData.record(new SessionKey("\uD800", key.incarnation()));
    SessionRecord odd = StoreData.record(new SessionKey("odd", "not an incarnation"));
    for (SessionRecord each : List.of(lone, odd)) {
      CreateOutcome outcome = await(store.create(each));
      assertThat(outcome).isInstanceOf(Rejected.class);
      assertInvalid(((Rejected) outcome).cause());
    }
    assertThat(await(store.append(odd.key(), StoreData.segment(1, 1))))
        .isEqualTo(new AppendOutcome.Gone());
    assertThatThrownBy(() -> await(store.load("\uD800"))).isInstanceOf(SessionLogException.class);
  }

  private static void assertInvalid(Throwable cause) {
    assertThat(cause)
        .isInstanceOfSatisfying(
            SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
  }
}
