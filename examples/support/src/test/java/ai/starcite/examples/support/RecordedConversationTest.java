package ai.starcite.examples.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.chat.Message;
import ai.starcite.chat.Transcript;
import ai.starcite.chat.TranscriptEntry;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.MessageState;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The transcripts of conversations that were held are those conversations. */
class RecordedConversationTest {
  private static final String PARALLEL_CALLS =
      """
      {"session":"weather","messages":[\
      {"role":"system","content":"Be brief."},\
      {"role":"user","content":"Wetter in Köln und 東京? 🌦"},\
      {"role":"assistant","content":"Let me see.","tool_calls":[\
      {"id":"c1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Köln\\"}"}},\
      {"id":"c2","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"東京\\"}"}}]},\
      {"role":"tool","tool_call_id":"c2","name":"weather","content":"{\\"t\\": 21}"},\
      {"role":"tool","tool_call_id":"c1","name":"weather","content":"Error: no data"},\
      {"role":"assistant","content":"東京: 21 °C."}]}\
      """;

  @Test
  void conversationWithParallelCalls() throws Exception {
    var recorded = RecordedConversation.parse(1, PARALLEL_CALLS.getBytes(StandardCharsets.UTF_8));

    List<TranscriptEntry> shown = check(recorded.messages());

    assertThat(shown).hasSize(6);
    assertThat((ToolEntry) shown.get(3))
        .returns("weather", ToolEntry::name)
        .returns(Json.parse("{\"city\":\"Köln\"}"), ToolEntry::arguments);
    assertThat(((ToolEntry) shown.get(3)).results())
        .extracting(ToolEntry.Result::value)
        .containsExactly(Json.parse("\"Error: no data\""));
  }

  @Test
  void airlineConversations() throws Exception {
    Path file =
        Path.of(System.getProperty("starcite.rootDir", "../.."))
            .resolve("../shared/data/airline-agent-sessions.jsonl")
            .toAbsolutePath()
            .normalize();
    assumeTrue(Files.exists(file), () -> "the sample of recorded sessions is not at " + file);

    int results = 0;
    for (var recorded : TranscriptFile.read(file)) {
      for (TranscriptEntry entry : check(recorded.messages())) {
        if (entry instanceof ToolEntry tool) {
          assertThat(tool.name()).isNotNull();
          results += tool.results().size();
        }
      }
    }

    assertThat(results).isEqualTo(577);
  }

  /** Folds a conversation at once, and with a save and a restore behind every fourth event. */
  private static List<TranscriptEntry> check(List<Json> messages) {
    List<NewEvent> said = new ArrayList<>();
    messages.forEach(message -> said.addAll(ChatMessage.toEvents(message)));
    Transcript whole = new Transcript();
    Transcript resumed = new Transcript();
    List<String> texts = new ArrayList<>();
    for (NewEvent each : said) {
      Event event = Event.of(whole.cursor() + 1, Instant.EPOCH, each);
      whole.apply(event);
      resumed.apply(event);
      if (event.seq() % 4 == 0) {
        resumed = Transcript.fromJson(resumed.toJson());
      }
      if (each.type().equals("message")) {
        texts.add(event.as(Message.class).text());
      }
    }

    assertThat(resumed).isEqualTo(whole);
    List<MessageEntry> shown =
        whole.entries().stream()
            .filter(MessageEntry.class::isInstance)
            .map(MessageEntry.class::cast)
            .toList();
    assertThat(shown).extracting(MessageEntry::text).isEqualTo(texts);
    assertThat(shown).extracting(MessageEntry::state).containsOnly(MessageState.COMPLETE);
    return whole.entries();
  }
}
