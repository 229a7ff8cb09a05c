package ai.starcite.store.s3.internal.protocol;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.MemoryObjects;
import ai.starcite.store.s3.PassingObjects;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.Sessions;
import ai.starcite.store.s3.Stores;
import ai.starcite.testkit.contract.StoreData;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session whose last segment was damaged is deleted while a writer still knows where the next one
 * begins.
 */
class DamagedEndTest {
  private final MemoryObjects objects = new MemoryObjects();
  private final S3SegmentStore writer = Stores.open(objects);
  private final Deque<Runnable> beforePuts = new ArrayDeque<>();
  private final S3SegmentStore deleter =
      Stores.open(
          new PassingObjects(objects.client()) {
            @Override
            public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
              if (!beforePuts.isEmpty()) {
                beforePuts.remove().run();
              }
              return super.putIfAbsent(key, bytes);
            }
          },
          S3Settings.DEFAULT);
  private SessionKey session;
  private UUID last;

  @BeforeEach
  void knowTheSession() {
    session = Sessions.create(writer, "s").key();
    last = Sessions.append(writer, session, 2).get(1);
  }

  /** Flips a bit of the last segment. */
  private void damage(int at) {
    String key = objects.keys("d/").get(1);
    byte[] bytes = objects.bytes(key).clone();
    bytes[at] ^= 1;
    objects.put(key, bytes);
  }

  private AppendOutcome append(long first) {
    Segment next = Sessions.following(last, first, 100);
    last = next.token();
    return await(writer.append(session, next));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 14, 15, 90})
  @DisplayName("SES-7: nothing is acknowledged behind the damage once the session is deleted")
  void nothingIsAppended(int at) {
    damage(at);
    assertThat(await(deleter.delete(session))).isEqualTo(new DeleteOutcome.Deleted());
    assertThat(append(9)).isEqualTo(new AppendOutcome.Gone());
    assertThat(await(deleter.load("s"))).isEmpty();
    assertThat(await(writer.create(StoreData.record(StoreData.key("s", 2)))))
        .isEqualTo(new CreateOutcome.Created());
  }

  @Test
  @DisplayName("SES-7: a writer that comes before the deletion is not followed by itself after it")
  void aWriterMayAppendFirst() {
    damage(90);
    beforePuts.add(() -> assertThat(append(9)).isEqualTo(Sessions.COMMITTED));
    beforePuts.add(() -> assertThat(append(13)).isEqualTo(Sessions.COMMITTED));
    assertThat(await(deleter.delete(session))).isEqualTo(new DeleteOutcome.Deleted());
    assertThat(append(17)).isEqualTo(new AppendOutcome.Gone());
  }

  @Test
  @DisplayName("ERR-2: what was put in the way of writers goes with the session")
  void nothingIsLeftBehind() {
    damage(90);
    await(deleter.delete(session));
    objects.pass(S3Settings.DEFAULT.grace().multipliedBy(2));
    await(deleter.maintain());
    assertThat(objects.keys("d/")).isEmpty();
  }
}
