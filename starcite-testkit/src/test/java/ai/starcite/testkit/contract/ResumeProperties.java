package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Cursor;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.ResumableTail;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.TailOptions;
import ai.starcite.internal.cursor.Resumption;
import ai.starcite.internal.threads.Waits;
import ai.starcite.store.memory.MemorySegmentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A reader that does anything, crashes at any moment and resumes. */
class ResumeProperties {

  enum Step {
    NEXT,
    HAS_NEXT,
    POLL_SOME,
    COMMIT,
    APPEND_MATCHING,
    APPEND_OTHER,
    SECOND_PASSES,
    SAVING_FAILS,
    CLOSE,
    CRASH
  }

  @Property(tries = 500)
  @Label("Resume: every event is handled at least once, in order, and none is saved before that")
  void atLeastOnce(
      @ForAll @Size(max = 60) List<Step> steps,
      @ForAll @IntRange(max = 6) int eventsBefore,
      @ForAll boolean filtered) {
    try (SessionLog log = SessionLog.open(MemorySegmentStore.open())) {
      Run run = new Run(log, filtered);
      for (int i = 0; i < eventsBefore; i++) {
        run.append(i % 2 == 0);
      }
      run.resume();
      for (Step step : steps) {
        run.take(step);
        run.checkSaved();
      }
      run.finish();
    }
  }

  private static final class Run {
    private final SessionLog log;
    private final String id;
    private final boolean filtered;
    private final RecordingCursors cursors = new RecordingCursors();
    private final List<Long> wanted = new ArrayList<>();
    private long nanos;
    private ResumableTail tail;

    /** The seq up to which the tail was to begin, and up to which it has handed events over. */
    private long begin;

    private long handedOver;
    private long handled;

    Run(SessionLog log, boolean filtered) {
      this.log = log;
      this.filtered = filtered;
      this.id = log.create(NewSession.defaults()).id();
    }

    void append(boolean matching) {
      NewEvent event = NewEvent.of("note", Json.parse("{}")).withAgent(matching ? "a" : "b");
      long seq = log.append(id, event).seq();
      if (matching || !filtered) {
        wanted.add(seq);
      }
    }

    void resume() {
      Waits clock =
          new Waits() {
            @Override
            public long nanoTime() {
              return nanos;
            }

            @Override
            public void park(Object blocker, long limit) {
              throw new AssertionError("a tail waits by its log's clock");
            }
          };
      TailOptions options = TailOptions.from(0);
      tail =
          Resumption.open(
              log, id, "r", cursors, filtered ? options.withAgents("a") : options, clock);
      begin = saved();
      assertThat(tail.cursor().seq()).isEqualTo(begin);
      handedOver = begin;
      handled = begin;
    }

    private long saved() {
      return cursors.load(id, "r").map(Cursor::seq).orElse(0L);
    }

    private boolean hasMore() {
      return wanted.stream().anyMatch(seq -> seq > handedOver);
    }

    void take(Step step) {
      switch (step) {
        case NEXT -> {
          if (hasMore()) {
            call(() -> handOver(List.of(tail.next())));
          }
        }
        case HAS_NEXT -> {
          if (hasMore()) {
            call(() -> assertThat(tail.hasNext()).isTrue());
          }
        }
        case POLL_SOME -> call(() -> handOver(tail.poll(3, Duration.ZERO)));
        case COMMIT ->
            call(
                () -> {
                  tail.commit();
                  assertThat(saved()).isGreaterThanOrEqualTo(handedOver);
                });
        case APPEND_MATCHING -> append(true);
        case APPEND_OTHER -> append(false);
        case SECOND_PASSES -> nanos += Duration.ofSeconds(1).toNanos();
        case SAVING_FAILS -> cursors.failNext(1);
        case CLOSE -> {
          close();
          resume();
        }
        case CRASH -> resume();
      }
    }

    /** A call of the reader, who is done with what it had; only a save may fail. */
    private void call(Runnable call) {
      handled = handedOver;
      try {
        call.run();
      } catch (SessionLogException e) {
        assertThat(e).hasMessageContaining("disk of cursors");
      }
    }

    private void handOver(List<Event> events) {
      if (hasMore()) {
        assertThat(events).isNotEmpty();
      }
      for (Event event : events) {
        long expected = wanted.stream().filter(seq -> seq > handedOver).findFirst().orElseThrow();
        assertThat(event.seq()).isEqualTo(expected);
        handedOver = expected;
      }
    }

    private void close() {
      cursors.failNext(0);
      tail.close();
      assertThat(saved()).isGreaterThanOrEqualTo(handled);
    }

    /** What is saved is handled, or was not wanted. */
    void checkSaved() {
      assertThat(wanted).noneMatch(seq -> seq > handled && seq <= saved());
    }

    void finish() {
      close();
      checkSaved();
      resume();
      while (hasMore()) {
        handOver(List.of(tail.next()));
      }
      tail.commit();
      assertThat(saved())
          .isGreaterThanOrEqualTo(wanted.isEmpty() ? 0 : wanted.get(wanted.size() - 1));
      tail.close();
    }
  }
}
