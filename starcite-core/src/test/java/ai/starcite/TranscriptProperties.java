package ai.starcite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.chat.Checkpoint;
import ai.starcite.chat.Content;
import ai.starcite.chat.Failure;
import ai.starcite.chat.Message;
import ai.starcite.chat.Status;
import ai.starcite.chat.TextDelta;
import ai.starcite.chat.Thinking;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import ai.starcite.chat.Transcript;
import ai.starcite.chat.TranscriptEntry;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.MessageState;
import ai.starcite.chat.TranscriptEntry.SingleEvent;
import ai.starcite.chat.TranscriptEntry.ThinkingEntry;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A transcript is a function of the events, however they come. */
class TranscriptProperties {
  private static final Json MALFORMED = Json.parse("{\"from\":\"a\",\"message_id\":\"m1\"}");

  /** An event, how many seqs lie before it, and what happens to the reader behind it. */
  record Delivered(NewEvent event, int gap, boolean restored, int repeated, boolean looked) {}

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  @Label("Any split, any resume, and events that come again: the state is the same")
  void splitsAndResumes(@ForAll("deliveries") List<Delivered> deliveries) {
    List<Event> events = events(deliveries);
    Transcript whole = fold(events);
    Transcript resumed = Transcript.withGaps();
    for (int i = 0; i < events.size(); i++) {
      Delivered delivered = deliveries.get(i);
      assertThat(resumed.apply(events.get(i))).isTrue();
      if (delivered.looked()) {
        assertThat(resumed.entries()).isNotEmpty();
      }
      if (delivered.restored()) {
        Json saved = resumed.toJson();
        Transcript restored = Transcript.fromJson(saved);
        assertThat(restored).isEqualTo(resumed);
        assertThat(restored.toJson()).isEqualTo(saved);
        resumed = restored;
      }
      for (Event again : events.subList(Math.max(0, i + 1 - delivered.repeated()), i + 1)) {
        assertThat(resumed.apply(again)).isFalse();
      }
    }
    assertThat(resumed).isEqualTo(whole);
    assertThat(resumed.toJson()).isEqualTo(whole.toJson());
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  @Label("What was shown stays as it is, whatever comes later")
  void snapshots(@ForAll("deliveries") List<Delivered> deliveries) {
    Transcript transcript = Transcript.withGaps();
    List<List<TranscriptEntry>> shown = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Event event : events(deliveries)) {
      transcript.apply(event);
      shown.add(transcript.entries());
      texts.add(transcript.entries().toString());
    }
    assertThat(shown).extracting(List::toString).isEqualTo(texts);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  @Label("Entries are in the order of their first events, and change with their last ones")
  void order(@ForAll("deliveries") List<Delivered> deliveries) {
    Transcript transcript = Transcript.withGaps();
    List<TranscriptEntry> before = List.of();
    for (Event event : events(deliveries)) {
      transcript.apply(event);
      List<TranscriptEntry> after = transcript.entries();
      assertThat(after.size()).isBetween(before.size(), before.size() + 1);
      for (int i = 0; i < after.size(); i++) {
        TranscriptEntry entry = after.get(i);
        boolean isNew = i >= before.size();
        assertThat(entry.firstSeq()).isEqualTo(isNew ? event.seq() : before.get(i).firstSeq());
        boolean changed = isNew || !entry.equals(before.get(i));
        assertThat(entry.lastSeq() == event.seq()).isEqualTo(changed);
      }
      before = after;
    }
    assertThat(transcript.cursor()).isEqualTo(deliveries.isEmpty() ? 0 : lastSeq(deliveries));
  }

  private static long lastSeq(List<Delivered> deliveries) {
    return deliveries.stream().mapToLong(delivered -> delivered.gap() + 1).sum();
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  @Label("A message is what the events of its actor and id come to")
  void messages(@ForAll("deliveries") List<Delivered> deliveries) {
    List<Event> events = wellFormed(deliveries);
    Map<List<String>, String> texts = new HashMap<>();
    Map<List<String>, MessageState> states = new HashMap<>();
    for (Event event : events) {
      if (event.type().equals("text_delta")) {
        List<String> key = List.of(actor(event), event.as(TextDelta.class).messageId());
        if (states.computeIfAbsent(key, k -> MessageState.PARTIAL) == MessageState.PARTIAL) {
          texts.merge(key, event.as(TextDelta.class).text(), String::concat);
        }
      } else if (event.type().equals("message") && event.as(Message.class).messageId() != null) {
        List<String> key = List.of(actor(event), event.as(Message.class).messageId());
        texts.put(key, event.as(Message.class).text());
        states.put(key, MessageState.COMPLETE);
      } else if (event.type().equals("error")) {
        List<String> key = List.of(actor(event), event.as(Failure.class).messageId());
        states.computeIfPresent(key, (k, state) -> MessageState.FAILED);
      }
    }
    Map<List<String>, String> shownTexts = new HashMap<>();
    Map<List<String>, MessageState> shownStates = new HashMap<>();
    for (TranscriptEntry entry : fold(events).entries()) {
      if (entry instanceof MessageEntry message && message.messageId() != null) {
        List<String> key = List.of(actor(entry), message.messageId());
        assertThat(shownTexts.put(key, message.text())).as("another entry of %s", key).isNull();
        shownStates.put(key, message.state());
      }
    }
    assertThat(shownTexts).isEqualTo(texts);
    assertThat(shownStates).isEqualTo(states);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  @Label("Thoughts of an actor and id add up, and no tool call or result is lost or shown twice")
  void thoughtsAndTools(@ForAll("deliveries") List<Delivered> deliveries) {
    List<Event> events = wellFormed(deliveries);
    Map<List<String>, String> thoughts = new HashMap<>();
    List<Long> results = new ArrayList<>();
    int calls = 0;
    for (Event event : events) {
      if (event.type().equals("thinking")) {
        Thinking thinking = event.as(Thinking.class);
        thoughts.merge(
            List.of(actor(event), thinking.messageId()), thinking.text(), String::concat);
      } else if (event.type().equals("tool_result")) {
        results.add(event.seq());
      } else if (event.type().equals("tool_call")) {
        calls++;
      }
    }
    Map<List<String>, String> shownThoughts = new HashMap<>();
    List<Long> shownResults = new ArrayList<>();
    int shownCalls = 0;
    for (TranscriptEntry entry : fold(events).entries()) {
      if (entry instanceof ThinkingEntry thinking) {
        List<String> key = List.of(actor(entry), thinking.messageId());
        assertThat(shownThoughts.put(key, thinking.text())).as("another entry of %s", key).isNull();
      } else if (entry instanceof ToolEntry tool) {
        assertThat(tool.results()).extracting(ToolEntry.Result::seq).isSorted();
        tool.results().forEach(result -> shownResults.add(result.seq()));
        shownCalls += tool.name() == null ? 0 : 1;
      }
    }
    assertThat(shownThoughts).isEqualTo(thoughts);
    assertThat(shownResults).containsExactlyInAnyOrderElementsOf(results);
    assertThat(shownCalls).isEqualTo(calls);
  }

  private static String actor(Event event) {
    return event.actor().orElse("nobody");
  }

  private static String actor(TranscriptEntry entry) {
    return Objects.requireNonNullElse(entry.actor(), "nobody");
  }

  private static List<Event> wellFormed(List<Delivered> deliveries) {
    return events(deliveries).stream().filter(event -> !event.payload().equals(MALFORMED)).toList();
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  @Label("A result belongs to the latest call before it, or if there is none to the first one")
  void pairing(@ForAll("deliveries") List<Delivered> deliveries) {
    List<Event> events = events(deliveries);
    Map<Long, Long> pairs = new HashMap<>();
    for (TranscriptEntry entry : fold(events).entries()) {
      if (entry instanceof ToolEntry tool) {
        tool.results().forEach(result -> pairs.put(result.seq(), tool.firstSeq()));
      }
    }
    Map<String, Long> latest = new HashMap<>();
    Map<String, Boolean> called = new HashMap<>();
    for (Event event : events) {
      if (event.type().equals("tool_call")) {
        String id = event.as(ToolCall.class).callId();
        if (!latest.containsKey(id) || called.getOrDefault(id, false)) {
          latest.put(id, event.seq());
        }
        called.put(id, true);
      } else if (event.type().equals("tool_result")) {
        String id = event.as(ToolResult.class).callId();
        latest.putIfAbsent(id, event.seq());
        assertThat(pairs).containsEntry(event.seq(), latest.get(id));
      }
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  @Label("Two readers with the same filter see the same; what it leaves out leaves no trace")
  void filtered(@ForAll("deliveries") List<Delivered> deliveries) {
    List<Event> selected =
        events(deliveries).stream()
            .filter(event -> event.actor().orElse("").equals("agent:a"))
            .toList();
    Transcript transcript = fold(selected);

    assertThat(transcript.entries())
        .allSatisfy(
            entry -> {
              if (!(entry instanceof ToolEntry tool && tool.name() == null)) {
                assertThat(entry.actor()).isEqualTo("agent:a");
              }
            });
    assertThat(transcript.entries().stream().filter(SingleEvent.class::isInstance))
        .hasSameSizeAs(
            fold(events(deliveries)).entries().stream()
                .filter(entry -> entry instanceof SingleEvent)
                .filter(entry -> "agent:a".equals(entry.actor()))
                .toList());
  }

  @Example
  @Label("A delta costs what it adds: 20,000 of them copy no message of a megabyte each")
  void deltaCost() {
    Transcript transcript = new Transcript();
    NewEvent delta = NewEvent.of(new TextDelta("m1", "x".repeat(50))).withAgent("a");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (long seq = 1; seq <= 20_000; seq++) {
      transcript.apply(Event.of(seq, Instant.EPOCH, delta));
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isLessThan(500L << 20);
    assertThat(transcript.entries())
        .singleElement()
        .isInstanceOfSatisfying(
            MessageEntry.class, message -> assertThat(message.text()).hasSize(1_000_000));
  }

  private static Transcript fold(List<Event> events) {
    Transcript transcript = Transcript.withGaps();
    events.forEach(transcript::apply);
    return transcript;
  }

  private static List<Event> events(List<Delivered> deliveries) {
    List<Event> events = new ArrayList<>();
    long seq = 0;
    for (Delivered delivered : deliveries) {
      seq += delivered.gap() + 1;
      events.add(Event.of(seq, Instant.EPOCH.plusMillis(seq / 2 * 1_001_003), delivered.event()));
    }
    return events;
  }

  @Provide
  Arbitrary<List<Delivered>> deliveries() {
    Arbitrary<Integer> gap =
        Arbitraries.frequency(Tuple.of(8, 0), Tuple.of(1, 1), Tuple.of(1, 1_000));
    return Combinators.combine(
            said(),
            gap,
            Arbitraries.of(true, false, false, false),
            Arbitraries.integers().between(0, 4),
            Arbitraries.of(true, false))
        .as(Delivered::new)
        .list()
        .ofMaxSize(40);
  }

  /** Few actors and ids, so that much meets. */
  private static Arbitrary<NewEvent> said() {
    Arbitrary<String> message = Arbitraries.of("m1", "m2");
    Arbitrary<String> call = Arbitraries.of("c1", "c2");
    Arbitrary<String> text = Arbitraries.of("", "a", "Ü😀", "\"q\"\n", "lorem ");
    Arbitrary<Json> json =
        Arbitraries.of("null", "{ \"a\" : [1.0] }", "\"\\u0000\"", "[]").map(Json::parse);
    Arbitrary<Payload> typed =
        Arbitraries.oneOf(
            Combinators.combine(message, text).as(TextDelta::new),
            Combinators.combine(message, text).as(TextDelta::new),
            Combinators.combine(message.injectNull(0.3), text)
                .as((id, said) -> new Message("assistant", said, id)),
            Combinators.combine(message, text).as((id, thought) -> new Thinking(thought, id)),
            text.map(Content::new),
            Combinators.combine(call, json).as((id, in) -> new ToolCall(id, "search", in)),
            Combinators.combine(call, json, Arbitraries.of(true, false).injectNull(0.3))
                .as(ToolResult::new),
            message.map(id -> new Failure("lost", null, id)),
            text.map(said -> new Status("running", said)),
            json.map(data -> new Checkpoint("cp", data)));
    Arbitrary<NewEvent> raw =
        Arbitraries.of(
            NewEvent.of("other", Json.parse("{ }")),
            NewEvent.of("message", MALFORMED),
            NewEvent.of("error", MALFORMED),
            NewEvent.of("handoff", MALFORMED));
    Arbitrary<NewEvent> events =
        Arbitraries.frequencyOf(Tuple.of(12, typed.map(NewEvent::of)), Tuple.of(1, raw));
    return Combinators.combine(events, Arbitraries.of("agent:a", "agent:b", "user:u", ""))
        .as((event, actor) -> actor.isEmpty() ? event : event.withActor(actor));
  }
}
