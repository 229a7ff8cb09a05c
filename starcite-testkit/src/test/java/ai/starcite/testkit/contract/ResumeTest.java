package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.Cursor;
import ai.starcite.CursorStore;
import ai.starcite.Event;
import ai.starcite.NewSession;
import ai.starcite.ResumableTail;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.internal.cursor.Resumption;
import ai.starcite.internal.threads.Waits;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tails that save how far their readers have come. */
class ResumeTest extends ReaderFixture {
  private final SegmentStore store = MemorySegmentStore.open();
  private final RecordingCursors cursors = new RecordingCursors();

  /** Time that passes when the test says so. */
  private final AtomicLong nanos = new AtomicLong();

  private final Waits clock =
      new Waits() {
        @Override
        public long nanoTime() {
          return nanos.get();
        }

        @Override
        public void park(Object blocker, long limit) {
          throw new AssertionError("a tail waits by its log's clock");
        }
      };

  @Override
  protected SegmentStore openStore() {
    return store;
  }

  private ResumableTail resume(String id) {
    return resume(id, TailOptions.from(0));
  }

  private ResumableTail resume(String id, TailOptions options) {
    return Resumption.open(log(), id, "tab", cursors, options, clock);
  }

  private void passTime() {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
  }

  private long savedSeq(String id) {
    return cursors.load(id, "tab").map(Cursor::seq).orElse(0L);
  }

  @Test
  @DisplayName("Resume: refresh is one line, across a restart of the log and of the cursor store")
  void refresh(@TempDir Path directory) {
    String id = sessionOf(5);
    List<Long> shown = new ArrayList<>();
    try (Tail tail = log().resume(id, "tab", CursorStore.inDirectory(directory))) {
      take(tail, 3).forEach(event -> shown.add(event.seq()));
      assertThat(tail.hasNext()).isTrue();
    }
    reopen();
    log().seal(id);

    try (Tail tail = log().resume(id, "tab", CursorStore.inDirectory(directory))) {
      for (Event event : tail) {
        shown.add(event.seq());
      }
      assertThat(tail.end()).contains(TailEnd.SEALED);
    }

    assertThat(shown).isEqualTo(range(1, 5));
    assertThat(CursorStore.inDirectory(directory).load(id, "tab"))
        .contains(Cursor.of(5, log().get(id).incarnation()));
  }

  @Test
  @DisplayName("Resume: a loop that an exception leaves handles its last event again")
  void failingHandler() {
    String id = sessionOf(5);
    assertThatThrownBy(
            () -> {
              try (Tail tail = resume(id)) {
                for (Event event : tail) {
                  if (event.seq() == 3) {
                    throw new IllegalStateException("handler");
                  }
                }
              }
            })
        .isInstanceOf(IllegalStateException.class);

    assertThat(savedSeq(id)).isEqualTo(2);
    try (Tail tail = resume(id)) {
      assertThat(tail.next().seq()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("Resume: an event counts as handled when its reader asks for more, in any way")
  void handledWhenBack() {
    String id = sessionOf(9);
    try (ResumableTail tail = resume(id)) {
      tail.next();
      passTime();
      assertThat(cursors.saves()).isEmpty();
      tail.next();
      assertThat(cursors.saves()).containsExactly(1L);
      passTime();
      assertThat(tail.hasNext()).isTrue();
      assertThat(cursors.saves()).containsExactly(1L, 2L);
      assertThat(tail.hasNext()).isTrue();
      assertThat(tail.cursor().seq()).isEqualTo(2);
      tail.next();
      passTime();
      assertThat(tail.poll(Duration.ZERO)).get().extracting(Event::seq).isEqualTo(4L);
      assertThat(cursors.saves()).containsExactly(1L, 2L, 3L);
      passTime();
      assertThat(seqs(tail.poll(3, Duration.ZERO))).isEqualTo(range(5, 7));
      assertThat(cursors.saves()).containsExactly(1L, 2L, 3L, 4L);
      assertThat(tail.cursor().seq()).isEqualTo(7);
    }
    assertThat(savedSeq(id))
        .as("of a list, none is handled before the reader is back")
        .isEqualTo(4);
  }

  @Test
  @DisplayName("Resume: commit says that the last event is handled, and saves that at once")
  void commit() {
    String id = sessionOf(5);
    try (ResumableTail tail = resume(id)) {
      take(tail, 2);
      tail.commit();
      assertThat(cursors.saves()).containsExactly(2L);
      tail.commit();
      assertThat(cursors.saves()).as("nothing new, nothing saved").containsExactly(2L);
      assertThat(tail.hasNext()).isTrue();
      tail.commit();
      assertThat(savedSeq(id)).as("an event that was only looked for").isEqualTo(2);
      tail.next();
    }
    assertThat(savedSeq(id)).isEqualTo(2);
  }

  @Test
  @DisplayName("Resume: ten thousand events in a second are saved once, not one by one")
  void savedOncePerSecond() {
    String id = sessionOf(10_000);
    try (Tail tail = resume(id)) {
      take(tail, 4_000);
      assertThat(cursors.saves()).isEmpty();
      passTime();
      take(tail, 6_000);
      assertThat(cursors.saves()).containsExactly(4_000L);
    }
    assertThat(cursors.saves()).containsExactly(4_000L, 9_999L);
  }

  @Test
  @DisplayName("Resume: a reader that waits has what it handled saved meanwhile")
  void savedWhileWaiting() {
    String id = sessionOf(3);
    try (Tail tail = log().resume(id, "tab", cursors)) {
      InThread<List<Event>> reader = start(() -> take(tail, 4));
      waitUntil(() -> savedSeq(id) == 3);
      assertThat(reader.isDone()).isFalse();
      append(id, 1);
      assertThat(seqs(reader.result())).isEqualTo(range(1, 4));
    }
    assertThat(cursors.saves()).containsExactly(3L);
  }

  @Test
  @DisplayName("Resume: a complete tail has saved all, before it is closed")
  void savedAtEnd() {
    String id = sessionOf(3);
    Tail tail = resume(id, TailOptions.from(0).withoutFollowing());
    assertThat(drain(tail)).hasSize(3);
    assertThat(cursors.saves()).containsExactly(3L);
    assertThat(tail.poll(Duration.ZERO)).isEmpty();
    assertThatThrownBy(tail::next).isInstanceOf(NoSuchElementException.class);
    tail.close();
    tail.close();
    assertThat(cursors.saves()).containsExactly(3L);
  }

  @Test
  @DisplayName("Resume: a complete tail has saved all, if its reader never waits, too")
  void savedAtEnd_polled() {
    String id = sessionOf(3);
    try (Tail tail = resume(id, TailOptions.from(0).withoutFollowing())) {
      assertThat(tail.poll(3, Duration.ZERO)).hasSize(3);
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
      assertThat(tail.end()).contains(TailEnd.BOUND);
      assertThat(cursors.saves()).containsExactly(3L);
    }
  }

  @Test
  @DisplayName("TAIL-5: a filtered tail saves the cursor that it has scanned to")
  void filtered() {
    String id = newSession();
    log().append(id, event("a").withAgent("a"));
    log().append(id, event("b").withAgent("b"));
    log().append(id, event("c").withAgent("c"));
    TailOptions onlyB = TailOptions.from(0).withAgents("b");
    try (Tail tail = resume(id, onlyB)) {
      assertThat(tail.next().seq()).isEqualTo(2);
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
    }
    assertThat(cursors.saves()).containsExactly(3L);
    log().append(id, event("d").withAgent("d"));
    try (Tail tail = resume(id, onlyB)) {
      assertThat(tail.cursor().seq()).isEqualTo(3);
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
    }
    assertThat(cursors.saves()).as("passed over, though nothing was handed over").endsWith(4L);
    log().append(id, event("b").withAgent("b"));
    try (Tail tail = resume(id, onlyB)) {
      assertThat(tail.hasNext()).isTrue();
    }
    assertThat(savedSeq(id)).as("never past an event that waits").isEqualTo(4);
  }

  @Test
  @DisplayName("Resume: the options' cursor is where a reader starts of whom nothing is saved")
  void firstStart() {
    String id = sessionOf(5);
    TailOptions fromThree = TailOptions.from(3).withLimit(1);
    try (Tail tail = resume(id, fromThree)) {
      assertThat(seqs(drain(tail))).isEqualTo(range(4, 4));
      assertThat(tail.end()).contains(TailEnd.BOUND);
    }
    try (Tail tail = resume(id, fromThree)) {
      assertThat(seqs(drain(tail))).isEqualTo(range(5, 5));
    }
    try (Tail tail = resume(id)) {
      assertThat(tail.poll(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  @DisplayName("Resume: readers of a session, and sessions of a reader, have their own cursors")
  void ownCursors() {
    String id = sessionOf(2);
    String other = sessionOf(2);
    try (ResumableTail tail = resume(id)) {
      take(tail, 2);
      tail.commit();
    }
    try (Tail tail = resume(other)) {
      assertThat(tail.next().seq()).isEqualTo(1);
    }
    try (Tail tail = log().resume(id, "another tab", cursors)) {
      assertThat(tail.next().seq()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("SES-7: a cursor of an old life is refused, with what to do, however well it fits")
  void anotherIncarnation() {
    String id = sessionOf(3);
    try (ResumableTail tail = resume(id)) {
      take(tail, 2);
      tail.commit();
    }
    log().delete(id);
    assertThat(failure(Code.SESSION_NOT_FOUND, () -> resume(id))).hasMessageContaining("forget");
    log().create(NewSession.ofId(id));
    append(id, 5);

    assertThat(failure(Code.SESSION_NOT_FOUND, () -> resume(id)))
        .hasMessageContaining("incarnation")
        .hasMessageContaining("reader tab of session " + id)
        .hasMessageContaining("forget it to start over");
    cursors.forget(id, "tab");
    try (Tail tail = resume(id)) {
      assertThat(tail.next().seq()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("SES-7: an incarnation that the options demand is demanded of the saved cursor, too")
  void demandedIncarnation() {
    String id = sessionOf(3);
    String incarnation = log().get(id).incarnation();
    TailOptions demanding = TailOptions.from(0).withIncarnation(incarnation);
    try (ResumableTail tail = resume(id, demanding)) {
      tail.next();
      tail.commit();
    }
    try (Tail tail = resume(id, demanding)) {
      assertThat(tail.next().seq()).isEqualTo(2);
    }
    assertThat(
            failure(
                Code.SESSION_NOT_FOUND,
                () -> resume(id, TailOptions.from(0).withIncarnation("another"))))
        .hasMessageContaining("another");
  }

  @Test
  @DisplayName("TAIL-4: a saved cursor beyond the last event is CURSOR_AHEAD, and says what to do")
  void cursorAhead() {
    String id = sessionOf(3);
    cursors.save(id, "tab", Cursor.of(4, log().get(id).incarnation()));

    SessionLogException ahead = failure(Code.CURSOR_AHEAD, () -> resume(id));

    assertThat(ahead.currentSeq()).hasValue(3);
    assertThat(ahead)
        .hasMessageContaining("4")
        .hasMessageContaining("reader tab of session " + id)
        .hasMessageContaining("forget it to start over");
  }

  @Test
  @DisplayName("Resume: a save that fails is told, loses no event, and is tried again")
  void failingSave() {
    String id = sessionOf(5);
    ResumableTail tail = resume(id);
    take(tail, 2);
    passTime();
    cursors.failNext(2);
    failure(Code.STORE_UNAVAILABLE, tail::next);
    failure(Code.STORE_UNAVAILABLE, tail::hasNext);
    assertThat(seqs(take(tail, 2))).isEqualTo(range(3, 4));
    assertThat(cursors.saves()).containsExactly(2L);
    cursors.failNext(1);
    failure(Code.STORE_UNAVAILABLE, tail::commit);
    assertThat(tail.next().seq()).isEqualTo(5);

    cursors.failNext(1);
    failure(Code.STORE_UNAVAILABLE, tail::close);
    assertThat(tail.end()).contains(TailEnd.CLOSED);
    tail.close();
    assertThat(savedSeq(id)).isEqualTo(2);
  }

  @Test
  @DisplayName("Resume: what an exception cuts short comes after what was there before it")
  void pollBehindEvent() {
    String id = sessionOf(3);
    try (ResumableTail tail = resume(id)) {
      assertThat(tail.hasNext()).isTrue();
      assertThat(seqs(tail.poll(2, Duration.ZERO))).isEqualTo(range(1, 2));
      assertThat(tail.hasNext()).isTrue();
      log().delete(id);
      assertThat(seqs(tail.poll(2, Duration.ZERO))).isEqualTo(range(3, 3));
      failure(Code.SESSION_NOT_FOUND, tail::hasNext);
      assertThat(tail.end()).contains(TailEnd.DELETED);
    }
  }

  @Test
  @DisplayName("TAIL-7: close from another thread wakes the reader, and saves what was handled")
  void closedWhileWaiting() {
    String id = newSession();
    log().append(id, event("a").withAgent("a"));
    log().append(id, event("b").withAgent("b"));
    ResumableTail tail = log().resume(id, "tab", cursors, TailOptions.from(0).withAgents("a"));
    InThread<List<Event>> reader = start(() -> drain(tail)).untilBlocked();

    tail.close();

    assertThat(savedSeq(id)).isEqualTo(2);
    assertThat(reader.result()).hasSize(1);
    failure(Code.CLOSED, tail::commit);
    assertThat(savedSeq(id)).isEqualTo(2);
  }

  @Test
  @DisplayName("Resume: closed by another thread while an event is handled, it is handled again")
  void closedWhileHandling() {
    String id = sessionOf(3);
    ResumableTail tail = resume(id);
    take(tail, 2);

    start(
            () -> {
              tail.close();
              return true;
            })
        .result();

    assertThat(savedSeq(id)).isEqualTo(1);
    assertThat(tail.hasNext()).isFalse();
    assertThat(savedSeq(id)).as("nothing is saved after close").isEqualTo(1);
  }

  @Test
  @DisplayName("TAIL-7: a second reader is INVALID, and an interrupted one can read on")
  void secondReader_andInterrupt() {
    String id = sessionOf(1);
    try (ResumableTail tail = resume(id)) {
      tail.next();
      InThread<Code> reader =
          start(() -> failure(Code.CANCELLED, tail::next).code()).untilBlocked();
      failure(Code.INVALID, tail::hasNext);
      reader.interrupt();
      assertThat(reader.result()).isEqualTo(Code.CANCELLED);
      append(id, 1);
      assertThat(tail.next().seq()).isEqualTo(2);
    }
    assertThat(savedSeq(id)).isEqualTo(1);
  }

  @Test
  void badArguments() {
    String id = sessionOf(1);
    failure(Code.INVALID, () -> log().resume("", "tab", cursors));
    failure(Code.INVALID, () -> log().resume(id, "", cursors));
    assertThatNullPointerException()
        .isThrownBy(() -> log().resume(id, null, cursors))
        .withMessage("reader");
    assertThatNullPointerException()
        .isThrownBy(() -> log().resume(id, "tab", null))
        .withMessage("cursors");
    assertThatNullPointerException()
        .isThrownBy(() -> log().resume(id, "tab", cursors, null))
        .withMessage("options");
    assertThatNullPointerException()
        .isThrownBy(() -> TailOptions.from(0).withCursor((Cursor) null))
        .withMessage("cursor");
    failure(Code.SESSION_NOT_FOUND, () -> log().resume("none", "tab", cursors));
    try (Tail tail = resume(id)) {
      failure(Code.INVALID, () -> tail.poll(0, Duration.ZERO));
      assertThatNullPointerException().isThrownBy(() -> tail.poll(null)).withMessage("timeout");
    }
  }
}
