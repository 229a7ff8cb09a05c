package ai.starcite.store.s3.internal.protocol;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.MemoryObjects;
import ai.starcite.store.s3.PassingObjects;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.Sessions;
import ai.starcite.store.s3.Stores;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.format.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Compaction costs about the same requests, however many processes append, and however fast. */
class SharedCompactionTest {
  private static final int WRITERS = 4;
  private static final int SEGMENTS = 64 * 20;

  private final MemoryObjects objects = new MemoryObjects();
  private SessionKey session;
  private UUID before = new UUID(0, 0);
  private long next = 1;

  private void append(S3SegmentStore store) {
    Segment segment = Sessions.following(before, next, 100);
    before = segment.token();
    next = segment.nextSeq();
    assertThat(await(store.append(session, segment))).isEqualTo(Sessions.COMMITTED);
  }

  private int generations() {
    return objects.keys(Keys.of("s").in(1).generations()).size();
  }

  @Test
  @DisplayName("of several writers in turn one compacts, each 64 segments")
  void inTurn() {
    List<S3SegmentStore> stores =
        IntStream.range(0, WRITERS).mapToObj(writer -> Stores.open(objects)).toList();
    session = Sessions.create(stores.get(0), "s").key();
    objects.requests();
    for (int i = 0; i < SEGMENTS; i++) {
      // Each writes a few in a row, so that the others have something to catch up with.
      append(stores.get(i / 3 % WRITERS));
    }
    assertThat(generations()).isBetween(SEGMENTS / 64 / 2, SEGMENTS / 64);
    // A put a segment, and a chunk and a generation each 64.
    assertThat(objects.requests("put")).isLessThanOrEqualTo(SEGMENTS + 2 * SEGMENTS / 64);
  }

  @Test
  @DisplayName("what comes while a chunk is made is left for the next one")
  void meanwhile() {
    List<S3SegmentStore> stores = new ArrayList<>();
    List<String> chunks = new ArrayList<>();
    ObjectClient client =
        new PassingObjects(objects.client()) {
          @Override
          public CompletionStage<Put> putIfAbsent(String key, byte[] bytes) {
            if (key.contains("/c/") && chunks.size() < 5) {
              chunks.add(key);
              append(stores.get(0));
            }
            return super.putIfAbsent(key, bytes);
          }
        };
    stores.add(Stores.open(client, S3Settings.DEFAULT));
    session = Sessions.create(stores.get(0), "s").key();
    for (int i = 0; i < 64; i++) {
      append(stores.get(0));
    }
    assertThat(chunks).hasSize(1);
    assertThat(generations()).isEqualTo(1);
    assertThat(Sessions.tokens(stores.get(0), session, 1)).hasSize(65);
  }
}
