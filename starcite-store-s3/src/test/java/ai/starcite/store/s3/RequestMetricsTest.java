package ai.starcite.store.s3;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.internal.client.Retry;
import ai.starcite.store.s3.internal.protocol.S3Settings;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@link S3SegmentStore#requests} counts each request once, because each is paid for. */
class RequestMetricsTest {
  private static final int ATTEMPTS = 3;

  private final MemoryObjects objects = new MemoryObjects();
  private final ScriptedObjects line = new ScriptedObjects(objects.client());
  private final S3SegmentStore store =
      Stores.open(
          line,
          S3Settings.DEFAULT
              .withMaintains(false)
              .withRetry(new Retry(ATTEMPTS, Duration.ofNanos(1), Duration.ofNanos(1))));
  private final S3SegmentStore other =
      Stores.open(objects, S3Settings.DEFAULT.withMaintains(false));
  private SessionKey session;
  private S3Requests before;

  @BeforeEach
  void create() {
    session = Sessions.create(store, "s").key();
    await(store.load("s"));
    begin();
  }

  private void begin() {
    objects.requests();
    before = store.requests();
  }

  private S3Requests since() {
    S3Requests now = store.requests();
    return new S3Requests(
        now.puts() - before.puts(),
        now.gets() - before.gets(),
        now.lists() - before.lists(),
        now.deletes() - before.deletes(),
        now.unanswered() - before.unanswered(),
        now.bytesWritten() - before.bytesWritten(),
        now.bytesRead() - before.bytesRead());
  }

  private static Segment segment(int bytes) {
    return Sessions.following(new UUID(0, 0), 1, bytes);
  }

  @Test
  @DisplayName("an append is one write, and its bytes")
  void put() {
    Segment segment = segment(100);
    assertThat(await(store.append(session, segment))).isEqualTo(Sessions.COMMITTED);
    assertThat(since()).isEqualTo(new S3Requests(1, 0, 0, 0, 0, segment.length(), 0));
  }

  @Test
  @DisplayName(
      "a write that finds its key taken is a write with an answer, and what is there a read")
  void taken() {
    Segment theirs = segment(100);
    assertThat(await(other.append(session, theirs))).isEqualTo(Sessions.COMMITTED);
    Segment mine = segment(200);
    assertThat(await(store.append(session, mine))).isInstanceOf(AppendOutcome.Conflict.class);
    assertThat(since()).isEqualTo(new S3Requests(1, 1, 0, 0, 0, mine.length(), theirs.length()));
  }

  @Test
  @DisplayName("a read that finds nothing is a read of no bytes")
  void nothing() {
    await(store.read(session, 1, 1));
    assertThat(since()).isEqualTo(new S3Requests(0, 1, 0, 0, 0, 0, 0));
  }

  @Test
  @DisplayName("what is sent again counts again, with its bytes, and each lost answer does too")
  void repeated() {
    line.lose();
    line.loseAnswer();
    Segment segment = segment(100);
    assertThat(await(store.append(session, segment))).isEqualTo(Sessions.COMMITTED);
    S3Requests since = since();
    assertThat(since.puts()).isEqualTo(3);
    assertThat(since.bytesWritten()).isEqualTo(3L * segment.length());
    assertThat(since.unanswered()).isEqualTo(2);
    assertThat(since.gets()).as("whose segment is there").isEqualTo(1);
  }

  @Test
  @DisplayName("what is given up counts as often as it was tried")
  void givenUp() {
    for (int i = 0; i < ATTEMPTS; i++) {
      line.lose();
    }
    await(store.append(session, segment(100)));
    assertThat(since().puts()).isEqualTo(ATTEMPTS);
    assertThat(since().unanswered()).isEqualTo(ATTEMPTS);
    begin();
    for (int i = 0; i < ATTEMPTS; i++) {
      line.lose();
    }
    assertThatThrownBy(() -> store.read(session, 1, 1).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class);
    assertThat(since()).isEqualTo(new S3Requests(0, ATTEMPTS, 0, 0, ATTEMPTS, 0, 0));
  }

  @Test
  @DisplayName("a listing that fails counts, and the one that is sent instead")
  void list() {
    line.lose();
    assertThat(await(store.load("nobody"))).isEmpty();
    S3Requests since = since();
    assertThat(since.lists()).isEqualTo(objects.requests("list") + 1);
    assertThat(since.unanswered()).isEqualTo(1);
    assertThat(since.puts() + since.gets() + since.deletes()).isZero();
  }

  @Test
  @DisplayName("each deleted object is a deletion")
  void delete() {
    Sessions.append(store, session, 100);
    await(store.delete(session));
    objects.pass(S3Settings.DEFAULT.grace().multipliedBy(2));
    int present = objects.keys("").size();
    begin();
    await(store.maintain());
    int deleted = present - objects.keys("").size();
    assertThat(deleted).isGreaterThan(100);
    assertThat(since().deletes()).isEqualTo(deleted);
  }

  @Test
  @DisplayName("all that arrives is counted, of each kind, in all that a store does")
  void all() {
    Sessions.append(store, session, 200);
    for (int i = 0; i < 3; i++) {
      await(store.maintain());
      objects.pass(S3Settings.DEFAULT.grace().multipliedBy(2));
    }
    Sessions.tokens(store, session, 1);
    await(store.delete(session));
    S3Requests since = since();
    assertThat(since.puts()).isPositive().isEqualTo(objects.requests("put"));
    assertThat(since.gets()).isPositive().isEqualTo(objects.requests("get"));
    assertThat(since.lists()).isPositive().isEqualTo(objects.requests("list"));
    assertThat(since.unanswered()).isZero();
  }
}
