package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Cursor;
import ai.starcite.CursorStore;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Payload;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.chat.Message;
import ai.starcite.chat.TextDelta;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import ai.starcite.chat.Transcript;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.MessageState;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Transcripts of sessions that several agents write at once. */
class TranscriptOfTailTest extends ReaderFixture {
  private static final int TURNS = 40;

  private final SegmentStore store = MemorySegmentStore.open();

  @Override
  protected SegmentStore openStore() {
    return store;
  }

  /** Turns of streamed messages with a tool call in each; the ids are those of other agents too. */
  private void write(String id, String agent) {
    for (int turn = 0; turn < TURNS; turn++) {
      String messageId = "m" + turn;
      String callId = agent + "-" + turn;
      for (int piece = 0; piece < 5; piece++) {
        append(id, agent, new TextDelta(messageId, agent + piece + " "));
      }
      append(id, agent, new ToolCall(callId, "search", Json.parse("{}")));
      append(id, "tools", new ToolResult(callId, Json.parse("1")));
      if (turn % 10 != 9) {
        append(id, agent, new Message("assistant", agent + turn, messageId));
      }
    }
  }

  private void append(String id, String agent, Payload said) {
    log().append(id, NewEvent.of(said).withAgent(agent));
  }

  @Test
  @DisplayName("TAIL-1: a reader that refreshes all the time shows what one shows that never did")
  void twoTabs() {
    String id = newSession();
    List<InThread<Boolean>> agents = new ArrayList<>();
    for (String agent : List.of("a", "b", "c")) {
      agents.add(
          start(
              () -> {
                write(id, agent);
                return true;
              }));
    }
    InThread<Transcript> steady = start(() -> show(id, Transcript.withGaps()));
    InThread<Transcript> restless = start(() -> showRefreshing(id));
    agents.forEach(InThread::result);
    log().seal(id);

    Transcript shown = steady.result();
    assertThat(restless.result().entries()).isEqualTo(shown.entries());
    assertThat(show(id, new Transcript()).entries()).isEqualTo(shown.entries());
    List<MessageEntry> messages = entries(shown, MessageEntry.class);
    assertThat(messages).hasSize(3 * TURNS);
    assertThat(messages)
        .filteredOn(message -> message.state() == MessageState.PARTIAL)
        .hasSize(3 * TURNS / 10)
        .allSatisfy(
            message -> {
              String agent = message.actor().substring("agent:".length());
              assertThat(message.text())
                  .isEqualTo("%1$s0 %1$s1 %1$s2 %1$s3 %1$s4 ".formatted(agent));
            });
    assertThat(entries(shown, ToolEntry.class))
        .hasSize(3 * TURNS)
        .allSatisfy(tool -> assertThat(tool.results()).hasSize(1));
  }

  private Transcript show(String id, Transcript transcript) {
    try (Tail tail = log().tail(id, transcript.cursor())) {
      tail.forEachRemaining(transcript::apply);
    }
    return transcript;
  }

  /** Leaves after every few events, at a moment when the last one counts as not handled. */
  private Transcript showRefreshing(String id) {
    CursorStore cursors = CursorStore.inMemory();
    Json saved = new Transcript().toJson();
    int again = 0;
    while (true) {
      Transcript transcript = Transcript.fromJson(saved);
      try (Tail tail = log().resume(id, "tab", cursors)) {
        int left = 7;
        while (left > 0 && tail.hasNext()) {
          again += transcript.apply(tail.next()) ? 0 : 1;
          left--;
        }
        if (left > 0) {
          assertThat(again).as("events that came again").isPositive();
          return transcript;
        }
      }
      saved = transcript.toJson();
    }
  }

  private static <T> List<T> entries(Transcript transcript, Class<T> type) {
    return transcript.entries().stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  @DisplayName("TAIL-5: a transcript of a filtered tail resumes from the tail's cursor, or its own")
  void filtered() {
    String id = newSession();
    write(id, "a");
    write(id, "b");
    write(id, "a");
    String incarnation = log().get(id).incarnation();
    TailOptions onlyA = TailOptions.from(0).withAgents("a").withoutFollowing();
    Transcript whole = Transcript.withGaps();
    read(id, onlyA).forEach(whole::apply);

    for (int cut = 0; cut < 2 * TURNS * 6; cut += 37) {
      Transcript view = Transcript.withGaps();
      long scanned;
      try (Tail tail = log().tail(id, onlyA.withLimit(cut + 1))) {
        tail.forEachRemaining(view::apply);
        scanned = tail.cursor().seq();
      }
      for (long cursor : new long[] {scanned, view.cursor(), view.cursor() / 2}) {
        Transcript resumed = Transcript.fromJson(view.toJson());
        TailOptions rest = onlyA.withCursor(Cursor.of(cursor, incarnation));
        for (Event event : read(id, rest)) {
          resumed.apply(event);
        }
        assertThat(resumed).isEqualTo(whole);
      }
    }
  }
}
