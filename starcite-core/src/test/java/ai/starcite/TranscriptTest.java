package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ai.starcite.chat.Artifact;
import ai.starcite.chat.Checkpoint;
import ai.starcite.chat.Content;
import ai.starcite.chat.Failure;
import ai.starcite.chat.Handoff;
import ai.starcite.chat.Message;
import ai.starcite.chat.Status;
import ai.starcite.chat.TextDelta;
import ai.starcite.chat.Thinking;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import ai.starcite.chat.Transcript;
import ai.starcite.chat.TranscriptEntry;
import ai.starcite.chat.TranscriptEntry.ArtifactEntry;
import ai.starcite.chat.TranscriptEntry.CheckpointEntry;
import ai.starcite.chat.TranscriptEntry.ErrorEntry;
import ai.starcite.chat.TranscriptEntry.HandoffEntry;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.MessageState;
import ai.starcite.chat.TranscriptEntry.OtherEntry;
import ai.starcite.chat.TranscriptEntry.Span;
import ai.starcite.chat.TranscriptEntry.StatusEntry;
import ai.starcite.chat.TranscriptEntry.ThinkingEntry;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptTest {
  private static final Json QUERY = Json.parse("{ \"q\" : 1.50 }");
  private static final String DRAFTER = "agent:drafter";

  private final Transcript transcript = new Transcript();

  private static Instant time(long seq) {
    return Instant.parse("2026-01-31T12:00:00.000001Z").plusSeconds(seq);
  }

  private static Span span(long first, long last) {
    return new Span(first, last, time(first), time(last));
  }

  private Event event(String actor, Payload said) {
    NewEvent event = NewEvent.of(said).withActor(actor);
    return Event.of(transcript.cursor() + 1, time(transcript.cursor() + 1), event);
  }

  private Event apply(String actor, Payload said) {
    Event event = event(actor, said);
    assertThat(transcript.apply(event)).isTrue();
    return event;
  }

  private Event applyRaw(String type, String payload) {
    long seq = transcript.cursor() + 1;
    Event event = Event.of(seq, time(seq), NewEvent.of(type, Json.parse(payload)));
    assertThat(transcript.apply(event)).isTrue();
    return event;
  }

  private static MessageEntry message(Span span, String text, MessageState state) {
    return new MessageEntry(span, DRAFTER, "assistant", "m1", text, state);
  }

  @Test
  void deltas_addUp_andTheFinalMessageReplacesThem() {
    apply(DRAFTER, new TextDelta("m1", "Clause "));
    apply(DRAFTER, new TextDelta("m1", "4."));
    assertThat(transcript.entries())
        .containsExactly(message(span(1, 2), "Clause 4.", MessageState.PARTIAL));

    apply(DRAFTER, new Message("assistant", "Clause 4.2", "m1"));

    assertThat(transcript.entries())
        .containsExactly(message(span(1, 3), "Clause 4.2", MessageState.COMPLETE));
  }

  @Test
  void messagesOfOneId_areThoseOfEachActor() {
    apply(DRAFTER, new TextDelta("m1", "a"));
    apply("user:u1", new TextDelta("m1", "b"));
    apply(DRAFTER, new TextDelta("m1", "A"));
    apply("user:u1", new Message("user", "B", "m1"));

    assertThat(transcript.entries())
        .containsExactly(
            message(span(1, 3), "aA", MessageState.PARTIAL),
            new MessageEntry(span(2, 4), "user:u1", "user", "m1", "B", MessageState.COMPLETE));
  }

  @Test
  void deltasAfterTheEnd_changeNothing() {
    apply(DRAFTER, new Message("assistant", "done", "m1"));
    List<TranscriptEntry> before = transcript.entries();
    apply(DRAFTER, new TextDelta("m1", " late"));
    assertThat(transcript.entries()).isEqualTo(before);

    apply(DRAFTER, new TextDelta("m2", "half"));
    apply(DRAFTER, new Failure("lost", null, "m2"));
    apply(DRAFTER, new TextDelta("m2", " late"));
    assertThat(transcript.entries().get(1))
        .isEqualTo(
            new MessageEntry(span(3, 4), DRAFTER, "assistant", "m2", "half", MessageState.FAILED));
    assertThat(transcript.cursor()).isEqualTo(5);
  }

  @Test
  void laterFinalMessage_replacesTheEarlier() {
    apply(DRAFTER, new Message("assistant", "one", "m1"));
    apply(DRAFTER, new Message("assistant", "two", "m1"));

    assertThat(transcript.entries())
        .containsExactly(message(span(1, 2), "two", MessageState.COMPLETE));
  }

  @Test
  void messagesWithoutAnId_standByThemselves() {
    apply(DRAFTER, new Message("assistant", "one"));
    apply(DRAFTER, new Message("assistant", "two"));
    apply("user:u1", new Content("three"));

    assertThat(transcript.entries())
        .containsExactly(
            new MessageEntry(span(1, 1), DRAFTER, "assistant", null, "one", MessageState.COMPLETE),
            new MessageEntry(span(2, 2), DRAFTER, "assistant", null, "two", MessageState.COMPLETE),
            new MessageEntry(span(3, 3), "user:u1", "user", null, "three", MessageState.COMPLETE));
  }

  @Test
  @DisplayName("An error fails the message of its actor that it names, until a final one comes")
  void error_failsItsMessage() {
    apply(DRAFTER, new TextDelta("m1", "half"));
    Event others = apply("agent:other", new Failure("not mine", null, "m1"));
    Failure lost = new Failure("connection lost", "E1", "m1");
    Event error = apply(DRAFTER, lost);
    assertThat(transcript.entries())
        .containsExactly(
            message(span(1, 3), "half", MessageState.FAILED),
            new ErrorEntry(others, new Failure("not mine", null, "m1")),
            new ErrorEntry(error, lost));

    apply(DRAFTER, new Message("assistant", "whole", "m1"));
    assertThat(transcript.entries().get(0))
        .isEqualTo(message(span(1, 4), "whole", MessageState.COMPLETE));
    apply(DRAFTER, lost);
    assertThat(transcript.entries().get(0))
        .isEqualTo(message(span(1, 5), "whole", MessageState.FAILED));
  }

  @Test
  void thoughtsOfOneMessage_addUp_besideItsText() {
    apply(DRAFTER, new Thinking("Hm"));
    apply(DRAFTER, new Thinking("First, ", "m1"));
    apply(DRAFTER, new TextDelta("m1", "So"));
    apply(DRAFTER, new Thinking("then", "m1"));
    apply(DRAFTER, new Thinking("Hm"));

    assertThat(transcript.entries())
        .containsExactly(
            new ThinkingEntry(span(1, 1), DRAFTER, null, "Hm"),
            new ThinkingEntry(span(2, 4), DRAFTER, "m1", "First, then"),
            message(span(3, 3), "So", MessageState.PARTIAL),
            new ThinkingEntry(span(5, 5), DRAFTER, null, "Hm"));
  }

  private static ToolEntry.Result result(long seq, String value, boolean isError) {
    return new ToolEntry.Result(seq, time(seq), "tool:search", Json.parse(value), isError);
  }

  @Test
  void toolCall_hasItsResults() {
    apply(DRAFTER, new ToolCall("c1", "search", QUERY));
    apply(DRAFTER, new ToolCall("c2", "search", QUERY));
    assertThat(transcript.entries().get(0))
        .isEqualTo(new ToolEntry(span(1, 1), DRAFTER, "c1", "search", QUERY, List.of()));
    apply("tool:search", new ToolResult("c1", Json.parse("\"slow\""), true));
    apply("tool:search", new ToolResult("c1", Json.parse("null")));

    assertThat(transcript.entries())
        .containsExactly(
            new ToolEntry(
                span(1, 4),
                DRAFTER,
                "c1",
                "search",
                QUERY,
                List.of(result(3, "\"slow\"", true), result(4, "null", false))),
            new ToolEntry(span(2, 2), DRAFTER, "c2", "search", QUERY, List.of()));
  }

  @Test
  void resultBeforeItsCall_waitsForIt() {
    apply("tool:search", new ToolResult("c1", Json.parse("1"), false));
    assertThat(transcript.entries())
        .containsExactly(
            new ToolEntry(span(1, 1), null, "c1", null, null, List.of(result(1, "1", false))));

    apply(DRAFTER, new ToolCall("c1", "search", QUERY));
    apply("tool:search", new ToolResult("c1", Json.parse("2"), false));

    assertThat(transcript.entries())
        .containsExactly(
            new ToolEntry(
                span(1, 3),
                DRAFTER,
                "c1",
                "search",
                QUERY,
                List.of(result(1, "1", false), result(3, "2", false))));
  }

  @Test
  void callIdThatIsUsedAgain_isANewCall() {
    apply(DRAFTER, new ToolCall("c1", "search", QUERY));
    apply("tool:search", new ToolResult("c1", Json.parse("1")));
    apply(DRAFTER, new ToolCall("c1", "fetch", QUERY));
    apply("tool:search", new ToolResult("c1", Json.parse("2")));

    assertThat(transcript.entries())
        .containsExactly(
            new ToolEntry(
                span(1, 2), DRAFTER, "c1", "search", QUERY, List.of(result(2, "1", false))),
            new ToolEntry(
                span(3, 4), DRAFTER, "c1", "fetch", QUERY, List.of(result(4, "2", false))));
  }

  @Test
  void otherEvents_areEntriesOfTheirOwn() {
    Status status = new Status("running", "50 %");
    Handoff handoff = new Handoff("a", "b", "tired");
    Checkpoint checkpoint = new Checkpoint("cp", QUERY);
    Artifact artifact = new Artifact("a.md", null, "file:a", null);

    assertThat(
            List.of(
                new StatusEntry(apply(DRAFTER, status), status),
                new HandoffEntry(apply(DRAFTER, handoff), handoff),
                new CheckpointEntry(apply(DRAFTER, checkpoint), checkpoint),
                new ArtifactEntry(apply(DRAFTER, artifact), artifact),
                new OtherEntry(applyRaw("com.example/own", "{\"a\":[1]}"))))
        .isEqualTo(transcript.entries());
    assertThat(transcript.entries().get(0).actor()).isEqualTo(DRAFTER);
    assertThat(transcript.entries().get(4).actor()).isNull();
    assertThat(transcript.entries().get(4).span()).isEqualTo(span(5, 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          message     | {"text":"x","message_id":"m1"}
          message     | {"role":"user","text":1,"message_id":"m1"}
          text_delta  | {"message_id":"m1","text":["x"]}
          text_delta  | {"text":"x"}
          content     | {}
          thinking    | {"text":null}
          tool_call   | {"call_id":"c1","name":"search"}
          tool_result | {"call_id":"c1"}
          tool_result | {"call_id":"c1","result":1,"is_error":"yes"}
          status      | {}
          handoff     | {"from":"a"}
          checkpoint  | {"data":1}
          artifact    | {"name":{}}
          error       | {"message_id":"m1"}
          """)
  @DisplayName("A payload without the shape of its type is an entry of its own, and changes none")
  void malformed_isOther(String type, String payload) {
    applyRaw("text_delta", "{\"message_id\":\"m1\",\"text\":\"half\"}");
    applyRaw("tool_call", "{\"call_id\":\"c1\",\"name\":\"search\",\"arguments\":{}}");
    List<TranscriptEntry> before = transcript.entries();

    Event malformed = applyRaw(type, payload);

    assertThat(transcript.entries()).hasSize(3).startsWith(before.toArray(TranscriptEntry[]::new));
    assertThat(transcript.entries().get(2)).isEqualTo(new OtherEntry(malformed));
    assertThat(Transcript.fromJson(transcript.toJson())).isEqualTo(transcript);
  }

  @Test
  void eventThatWasApplied_changesNothing() {
    Event first = apply(DRAFTER, new TextDelta("m1", "a"));
    Event second = apply(DRAFTER, new TextDelta("m1", "b"));
    List<TranscriptEntry> before = transcript.entries();

    assertThat(transcript.apply(first)).isFalse();
    assertThat(transcript.apply(second)).isFalse();

    assertThat(transcript.entries()).isSameAs(before);
    assertThat(transcript.cursor()).isEqualTo(2);
  }

  @Test
  @DisplayName("A missing event is INVALID for a whole session, which then stays as it was")
  void gap_isInvalid() {
    Event first = event(DRAFTER, new Content("a"));
    Event second = Event.of(2, time(2), first.toNewEvent());
    Event third = Event.of(3, time(3), first.toNewEvent());
    assertInvalid(() -> transcript.apply(second))
        .hasMessageContaining("event 2 does not follow 0")
        .hasMessageContaining("withGaps()");
    transcript.apply(first);
    assertInvalid(() -> transcript.apply(third)).hasMessageContaining("event 3 does not follow 1");

    assertThat(transcript.cursor()).isEqualTo(1);
    assertThat(transcript.entries()).hasSize(1);
    assertInvalid(() -> Transcript.fromJson(transcript.toJson()).apply(third));
  }

  @Test
  void withGaps_takesAnySelectionInOrder() {
    Transcript selection = Transcript.withGaps();
    NewEvent delta = NewEvent.of(new TextDelta("m1", "a")).withActor(DRAFTER);
    assertThat(selection.apply(Event.of(7, time(7), delta))).isTrue();
    assertThat(selection.apply(Event.of(5, time(5), delta))).isFalse();

    Transcript restored = Transcript.fromJson(selection.toJson());
    assertThat(restored.apply(Event.of(1_000, time(1_000), delta))).isTrue();

    assertThat(restored.cursor()).isEqualTo(1_000);
    assertThat(restored.entries())
        .containsExactly(message(span(7, 1_000), "aa", MessageState.PARTIAL));
  }

  @Test
  void entries_areASnapshot() {
    apply(DRAFTER, new TextDelta("m1", "a"));
    List<TranscriptEntry> before = transcript.entries();
    apply(DRAFTER, new TextDelta("m1", "b"));
    apply("tool:search", new ToolResult("c1", QUERY));
    TranscriptEntry message = transcript.entries().get(0);
    ToolEntry tool = (ToolEntry) transcript.entries().get(1);
    apply("tool:search", new ToolResult("c1", QUERY));

    assertThat(before).containsExactly(message(span(1, 1), "a", MessageState.PARTIAL));
    assertThat(tool.results()).hasSize(1);
    assertThat(transcript.entries().get(0))
        .as("what did not change is not made anew")
        .isSameAs(message);
  }

  @Test
  @DisplayName("The saved form is that of format 1, forever")
  void format1() {
    apply(DRAFTER, new TextDelta("m1", "Clause \"4\""));
    apply(DRAFTER, new Thinking("Hm"));
    apply(DRAFTER, new ToolCall("c1", "search", QUERY));
    apply("tool:search", new ToolResult("c1", Json.parse("[ ]"), true));
    apply("tool:search", new ToolResult("c2", Json.parse("1")));
    applyRaw("status", "{\"status\": \"done\"}");
    String saved =
        """
        {"format":1,"gaps":false,"cursor":6,"entries":[\
        {"kind":"message","span":{"first_seq":1,"last_seq":1,\
        "started_at":"2026-01-31T12:00:01.000001Z","changed_at":"2026-01-31T12:00:01.000001Z"},\
        "actor":"agent:drafter","role":"assistant","message_id":"m1",\
        "text":"Clause \\"4\\"","state":"PARTIAL"},\
        {"kind":"thinking","span":{"first_seq":2,"last_seq":2,\
        "started_at":"2026-01-31T12:00:02.000001Z","changed_at":"2026-01-31T12:00:02.000001Z"},\
        "actor":"agent:drafter","text":"Hm"},\
        {"kind":"tool","span":{"first_seq":3,"last_seq":4,\
        "started_at":"2026-01-31T12:00:03.000001Z","changed_at":"2026-01-31T12:00:04.000001Z"},\
        "actor":"agent:drafter","call_id":"c1","name":"search","arguments":"{ \\"q\\" : 1.50 }",\
        "results":[{"seq":4,"at":"2026-01-31T12:00:04.000001Z","actor":"tool:search",\
        "value":"[ ]","is_error":true}]},\
        {"kind":"tool","span":{"first_seq":5,"last_seq":5,\
        "started_at":"2026-01-31T12:00:05.000001Z","changed_at":"2026-01-31T12:00:05.000001Z"},\
        "call_id":"c2","results":[{"seq":5,"at":"2026-01-31T12:00:05.000001Z",\
        "actor":"tool:search","value":"1","is_error":false}]},\
        {"kind":"event","event":"{\\"seq\\":6,\\"type\\":\\"status\\",\
        \\"payload\\":{\\"status\\": \\"done\\"},\
        \\"inserted_at\\":\\"2026-01-31T12:00:06.000001Z\\"}"}]}\
        """;

    assertThat(transcript.toJson()).hasToString(saved);
    assertThat(Transcript.fromJson(Json.parse(saved))).isEqualTo(transcript);
  }

  @Test
  @DisplayName("EVT-4: what is as deep as JSON may be can be saved")
  void deepJson() {
    String arguments = "[".repeat(98) + "]".repeat(98);
    apply(DRAFTER, new ToolCall("c1", "search", Json.parse(arguments)));
    apply(DRAFTER, new ToolResult("c1", Json.parse(arguments)));
    applyRaw("deep", "{\"a\":" + "[".repeat(99) + "]".repeat(99) + "}");

    assertThat(Transcript.fromJson(transcript.toJson())).isEqualTo(transcript);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                                           | Format
          {}                                                           | format
          {"format":2}                                                 | newer version
          {"format":1,"gaps":false,"cursor":0}                         | entries
          {"format":1,"gaps":false,"cursor":-1,"entries":[]}           | cursor
          {"format":1,"gaps":false,"cursor":9,"entries":[1]}           | Kind
          {"format":1,"gaps":false,"cursor":9,"entries":[{}]}          | kind
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"x"}]} | kind x
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"message","span":SPAN,"text":"x","state":"PARTIAL"}]} | role
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"message","text":"x","role":"user","state":"PARTIAL"}]} | span
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"message","span":SPAN,"text":"x","role":"user","state":"odd"}]} | state
          {"format":1,"gaps":false,"cursor":3,"entries":[{"kind":"thinking","span":SPAN,"text":"x"}]} | out of place
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"thinking","span":SPAN,"text":"x"},{"kind":"thinking","span":SPAN,"text":"x"}]} | out of place
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"tool","span":SPAN,"call_id":"c","name":"n","results":[]}]} | name and arguments
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"tool","span":SPAN,"call_id":"c","name":"n","arguments":"{","results":[]}]} | invalid JSON
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"event","event":"{}"}]} | stored event
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"thinking","span":{"first_seq":2,"last_seq":1,"started_at":"2026-01-31T12:00:00Z","changed_at":"2026-01-31T12:00:00Z"},"text":"x"}]} | lastSeq
          {"format":1,"gaps":false,"cursor":9,"entries":[{"kind":"thinking","span":{"first_seq":2,"last_seq":3,"started_at":"noon","changed_at":"noon"},"text":"x"}]} | noon
          """)
  @DisplayName("What is no saved transcript is INVALID and says why")
  void fromJson_refuses(String saved, String expected) {
    String span =
        "{\"first_seq\":3,\"last_seq\":4,\"started_at\":\"2026-01-31T12:00:00Z\","
            + "\"changed_at\":\"2026-01-31T12:00:00Z\"}";
    assertInvalid(() -> Transcript.fromJson(Json.parse(saved.replace("SPAN", span))))
        .hasMessageContaining(expected);
  }

  @Test
  void fromJson_ignoresWhatItDoesNotKnow() {
    apply(DRAFTER, new Content("x"));
    Json newer = Json.parse(transcript.toJson().toString().replaceAll("\\{\"", "{\"new\":[{}],\""));

    assertThat(Transcript.fromJson(newer)).isEqualTo(transcript);
  }

  @Test
  void nulls_areNamed() {
    assertThatNullPointerException().isThrownBy(() -> transcript.apply(null)).withMessage("event");
    assertThatNullPointerException()
        .isThrownBy(() -> Transcript.fromJson(null))
        .withMessage("saved");
    assertThatNullPointerException().isThrownBy(() -> new OtherEntry(null)).withMessage("event");
  }

  @Test
  void equality_isThatOfWhatWasSeen() {
    apply(DRAFTER, new Content("x"));
    Transcript other = new Transcript();
    assertThat(other).isNotEqualTo(transcript).isEqualTo(new Transcript());
    other.apply(Event.of(1, time(1), NewEvent.of(new Content("x")).withActor(DRAFTER)));
    assertThat(other).isEqualTo(transcript).hasSameHashCodeAs(transcript);
    assertThat(Transcript.withGaps()).isNotEqualTo(new Transcript());
    assertThat(transcript.toString()).contains("cursor=1").contains("MessageEntry");
    assertThat(Map.of(transcript, 1)).containsKey(other);
  }
}
