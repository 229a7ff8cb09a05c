package ai.starcite.store.s3.internal.protocol;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.UpdateOutcome;
import ai.starcite.store.s3.MemoryObjects;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.Sessions;
import ai.starcite.store.s3.Stores;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.testkit.contract.StoreData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Objects of others below the prefix: the store skips them, and leaves them alone. */
class ForeignKeysTest {
  /** More than a page of a listing. */
  private static final int MANY = 1_100;

  private final MemoryObjects objects = new MemoryObjects();
  private final List<String> foreign = new ArrayList<>();

  private void put(String key) {
    objects.put(key, new byte[] {1});
    foreign.add(key);
  }

  /** Before, among and after the keys that a store lists. */
  private void litter(String folder) {
    for (int i = 0; i < MANY; i++) {
      put(folder + "!" + i);
    }
    put(folder + "0".repeat(19) + "-" + new UUID(1, 2));
    put(folder + "9".repeat(19));
    put(folder + "~");
  }

  @Test
  @DisplayName(
      "a session is found, changed, compacted and deleted among more than a page of others")
  void foreignKeysAreSkipped() {
    Keys.Of keys = Keys.of("s");
    Keys.Life life = keys.in(1);
    List.of(
            keys.lives(),
            keys.data(),
            life.generations(),
            life.segments(),
            life.chunks(),
            life.checkpoints(),
            "s/")
        .forEach(this::litter);

    S3SegmentStore store = Stores.open(objects);
    SessionRecord record = Sessions.create(store, "s");
    SessionKey session = record.key();
    List<UUID> appended = new ArrayList<>(Sessions.append(store, session, 5));
    SessionRecord retitled = StoreData.retitled(record, "t");
    assertThat(await(store.update(retitled, 1))).isEqualTo(new UpdateOutcome.Updated());
    await(store.maintain());
    appended.addAll(Sessions.append(store, session, 5));

    S3SegmentStore cold = Stores.open(objects);
    assertThat(await(cold.load("s")).orElseThrow().record()).isEqualTo(retitled);
    assertThat(Sessions.tokens(cold, session, 1)).isEqualTo(appended);
    assertThat(await(cold.list(new ListRequest("", Optional.empty(), 10))).records())
        .containsExactly(retitled);

    objects.pass(Duration.ofDays(3));
    await(cold.maintain());
    objects.pass(Duration.ofDays(3));
    await(cold.maintain());
    assertThat(Sessions.tokens(store, session, 1)).isEqualTo(appended);
    assertThat(await(cold.delete(session))).isEqualTo(new DeleteOutcome.Deleted());
    objects.pass(Duration.ofDays(3));
    await(cold.maintain());
    assertThat(await(store.load("s"))).isEmpty();
    assertThat(objects.keys("")).containsExactlyInAnyOrderElementsOf(withTombstone(keys));
  }

  private List<String> withTombstone(Keys.Of keys) {
    List<String> left = new ArrayList<>(foreign);
    left.add(keys.life(2));
    return left;
  }
}
