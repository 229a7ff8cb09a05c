package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.spi.Indefinite;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SegmentStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tails on a store that fails or lies. */
class TailFaultTest extends TailFixture {
  private static final Duration LONG = Duration.ofSeconds(50);

  private final TamperedStore store = new TamperedStore();

  @Override
  protected SegmentStore openStore() {
    return store;
  }

  /** So that closing the log closes the store. */
  @Override
  protected boolean outlivesClose() {
    return true;
  }

  /** Three segments of three events, none of which is in memory. */
  private String coldSession() {
    String id = newSession();
    for (int i = 0; i < 3; i++) {
      append(id, 3);
    }
    return id;
  }

  /** Reads in which one segment is replaced. */
  private void damage(long firstSeq, byte... xorAtEnd) {
    store.onRead(
        read ->
            read.thenApply(
                outcome -> {
                  if (!(outcome instanceof ReadOutcome.Segments segments)) {
                    return outcome;
                  }
                  List<Segment> changed = new ArrayList<>();
                  for (Segment segment : segments.segments()) {
                    byte[] bytes = segment.bytes().clone();
                    for (int i = 0; i < xorAtEnd.length; i++) {
                      bytes[bytes.length - 1 - i] ^= xorAtEnd[i];
                    }
                    changed.add(segment.firstSeq() == firstSeq ? Segment.of(bytes) : segment);
                  }
                  return new ReadOutcome.Segments(changed);
                }));
  }

  @Test
  @DisplayName("TAIL-8: a store that fails ends the tail as failed, with its code and cause")
  void storeFails() {
    String id = coldSession();
    IOException cause = new IOException("cable pulled");
    try (Tail tail = log().tail(id, 0)) {
      store.onRead(read -> CompletableFuture.failedFuture(cause));

      SessionLogException failure = failure(Code.STORE_UNAVAILABLE, tail::next);

      assertThat(failure).hasCause(cause);
      assertThat(failure.isRetryable()).isTrue();
      assertThat(tail.end()).contains(TailEnd.FAILED);
      failure(Code.STORE_UNAVAILABLE, tail::hasNext);
      failure(Code.STORE_UNAVAILABLE, () -> tail.poll(LONG));
      assertThat(tail.cursor().seq()).isZero();
    }
    store.onRead(read -> read);
    assertThat(seqs(read(id))).isEqualTo(range(1, 9));
  }

  @Test
  @DisplayName("TAIL-8: a store that throws ends the tail as failed")
  void storeThrows() {
    String id = coldSession();
    try (Tail tail = log().tail(id, 4)) {
      store.beforeRead(
          () -> {
            throw new IllegalStateException("broken");
          });

      assertThat(failure(Code.STORE_UNAVAILABLE, tail::next))
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThat(tail.end()).contains(TailEnd.FAILED);
    }
  }

  @Test
  @DisplayName(
      "TAIL-8: a store that fails only one tail's read leaves other tails and writers alone")
  void storeFails_others() {
    String id = coldSession();
    try (Tail cold = log().tail(id, 0);
        Tail live = log().tail(id, 9)) {
      store.onRead(read -> CompletableFuture.failedFuture(new IOException("cable pulled")));
      failure(Code.STORE_UNAVAILABLE, cold::next);

      append(id, 1);

      assertThat(live.next().seq()).isEqualTo(10);
    }
  }

  @Test
  @DisplayName(
      "ERR-2: a tail delivers all before a damaged segment, then fails and names its place")
  void corrupt() {
    String id = coldSession();
    damage(4, (byte) 1);
    Tail tail = log().tail(id, 0);

    assertThat(seqs(take(tail, 3))).containsExactly(1L, 2L, 3L);
    SessionLogException failure = failure(Code.CORRUPT, tail::next);

    assertThat(failure).hasMessageContaining(id).hasMessageContaining("seq 4");
    assertThat(failure.isRetryable()).isFalse();
    assertThat(tail.end()).contains(TailEnd.FAILED);
    assertThat(tail.cursor().seq()).isEqualTo(3);
    failure(Code.CORRUPT, () -> log().tail(id, 4).next());
    assertThat(seqs(take(log().tail(id, 6), 3))).isEqualTo(range(7, 9));
  }

  @Test
  @DisplayName("ERR-2: one session's damage does not touch another one")
  void corrupt_otherSession() {
    String id = coldSession();
    damage(1, (byte) 1);
    failure(Code.CORRUPT, () -> log().tail(id, 0).next());

    store.onRead(read -> read);
    assertThat(seqs(read(coldSession()))).isEqualTo(range(1, 9));
  }

  @Test
  @DisplayName("ERR-2: a store that leaves out a segment, or all, is found out")
  void hole() {
    String id = coldSession();
    store.onRead(
        read ->
            read.thenApply(
                outcome ->
                    new ReadOutcome.Segments(
                        ((ReadOutcome.Segments) outcome)
                            .segments().stream().filter(each -> each.firstSeq() != 4).toList())));
    Tail tail = log().tail(id, 0);

    assertThat(seqs(take(tail, 3))).containsExactly(1L, 2L, 3L);
    failure(Code.CORRUPT, tail::next);

    store.onRead(read -> CompletableFuture.completedFuture(new ReadOutcome.Segments(List.of())));
    failure(Code.CORRUPT, () -> log().tail(id, 5).next());
  }

  @Test
  @DisplayName("TAIL-2: an append without a definite answer is seen once it is settled, and once")
  void indefinite() {
    String id = newSession();
    try (Tail tail = log().tail(id, 0)) {
      store.onAppend(
          outcome -> {
            store.onAppend(next -> next);
            return CompletableFuture.completedFuture(new Indefinite(new IOException("no answer")));
          });
      log().append(id, event("a"));
      log().append(id, event("b"));

      assertThat(seqs(take(tail, 2))).containsExactly(1L, 2L);
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
      assertThat(read(id)).hasSize(2);
    }
  }
}
