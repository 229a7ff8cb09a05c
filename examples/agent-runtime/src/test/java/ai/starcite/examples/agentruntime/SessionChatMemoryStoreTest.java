package ai.starcite.examples.agentruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.chat.Message;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A chat memory in a session")
class SessionChatMemoryStoreTest {
  private static final String ID = "chat";

  @TempDir Path directory;
  private SessionLog log;
  private SessionChatMemoryStore store;
  private ChatMemory memory;

  @BeforeEach
  void open() {
    log = SessionLog.open(RocksDbSegmentStore.open(directory.resolve("sessions")));
    store = new SessionChatMemoryStore(id -> Conversation.open(log, id));
    memory = memory(4);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private ChatMemory memory(int maxMessages) {
    return MessageWindowChatMemory.builder()
        .id(ID)
        .maxMessages(maxMessages)
        .chatMemoryStore(store)
        .build();
  }

  private void restart() {
    close();
    open();
  }

  private List<Event> events() {
    return store.conversation(ID).events();
  }

  private List<String> texts() {
    return events().stream()
        .filter(event -> event.type().equals("message"))
        .map(event -> event.as(Message.class).text())
        .toList();
  }

  @Test
  @DisplayName(
      "appends what is new, keeps in the log what leaves the window, and has it after a restart")
  void evictions() {
    List<String> said = IntStream.rangeClosed(1, 20).mapToObj(n -> "line " + n).toList();
    said.forEach(text -> memory.add(UserMessage.from(text)));
    List<ChatMessage> window = memory.messages();
    assertThat(window).hasSize(4);
    assertThat(texts()).isEqualTo(said);
    restart();
    assertThat(memory.messages()).isEqualTo(window);
    memory.add(UserMessage.from("line 20"));
    assertThat(texts()).hasSize(21);
    assertThat(events()).extracting(Event::seq).last().isEqualTo(21L);
  }

  @Test
  @DisplayName("sends an answer that may not be stored again with the same content")
  void retriedAnswer() {
    Conversation conversation = store.conversation(ID);
    AiMessage first = AiMessage.from("one");
    AiMessage second = AiMessage.from("two");
    var answers = conversation.endingAnswers();
    List<NewEvent> sent = new ArrayList<>(MessageEvents.of(first, answers));
    sent.addAll(MessageEvents.of(second, answers));
    assertThat(sent).doesNotHaveDuplicates();
    var again = conversation.endingAnswers();
    assertThat(MessageEvents.of(first, again)).containsExactly(sent.get(0));
    assertThat(MessageEvents.of(second, again)).containsExactly(sent.get(1));
    conversation.answersEnded();
    assertThat(MessageEvents.of(first, conversation.endingAnswers()))
        .doesNotContainAnyElementsOf(sent);
  }

  @Test
  @DisplayName(
      "has a text that is said twice as two messages, whatever the window and the restarts")
  void saidTwice() {
    memory = memory(1);
    for (int round = 1; round <= 3; round++) {
      memory.add(UserMessage.from("yes"));
      memory.add(UserMessage.from("yes"));
      restart();
      memory = memory(1);
    }
    assertThat(texts()).hasSize(6).containsOnly("yes");
  }

  @Test
  @DisplayName("replaces the system message in the window, and keeps both in the log")
  void systemMessages() {
    memory.add(SystemMessage.from("Be brief."));
    memory.add(UserMessage.from("Hello"));
    memory.add(SystemMessage.from("Be brief."));
    memory.add(SystemMessage.from("Be verbose."));
    assertThat(texts()).containsExactly("Be brief.", "Hello", "Be verbose.");
    restart();
    assertThat(memory.messages())
        .containsExactlyInAnyOrder(SystemMessage.from("Be verbose."), UserMessage.from("Hello"));
  }

  @Test
  @DisplayName("gives back after a restart what it was given, tool calls, images and names too")
  void everyKind() {
    memory = memory(20);
    ToolExecutionRequest one =
        ToolExecutionRequest.builder().id("c1").name("w").arguments("{ \"x\": 1.0 }").build();
    ToolExecutionRequest two =
        ToolExecutionRequest.builder().id("c2").name("w").arguments("not JSON").build();
    List<ChatMessage> messages =
        List.of(
            UserMessage.from("ann", "I am Ann"),
            UserMessage.from(
                TextContent.from("What is this?"), ImageContent.from("https://example.org/i.png")),
            AiMessage.from("Let me see.", List.of(one, two)),
            ToolExecutionResultMessage.from(two, "failed"),
            ToolExecutionResultMessage.builder()
                .id("c1")
                .toolName("w")
                .text("broken")
                .isError(true)
                .build(),
            AiMessage.builder().text("A cat.").thinking("whiskers").build(),
            CustomMessage.from(Map.of("mood", "good")),
            AiMessage.from(List.of(one)),
            ToolExecutionResultMessage.from(one, "again, by the same id"));
    messages.forEach(memory::add);
    restart();
    assertThat(memory(20).messages()).isEqualTo(messages);
  }

  @Test
  @DisplayName("leaves out calls without all their results, which a model would refuse")
  void unfinishedCalls() {
    memory = memory(20);
    ToolExecutionRequest one =
        ToolExecutionRequest.builder().id("c1").name("w").arguments("{}").build();
    ToolExecutionRequest two =
        ToolExecutionRequest.builder().id("c2").name("w").arguments("{}").build();
    memory.add(UserMessage.from("Go"));
    memory.add(AiMessage.from(List.of(one, two)));
    memory.add(ToolExecutionResultMessage.from(one, "done"));
    assertThat(memory.messages()).as("while it goes on").hasSize(3);
    restart();
    assertThat(memory(20).messages()).containsExactly(UserMessage.from("Go"));
    assertThat(events()).as("what was done stays in the log").hasSize(4);
  }

  @Test
  @DisplayName("begins anew when it is cleared, and the log keeps what was")
  void cleared() {
    memory.add(SystemMessage.from("Be brief."));
    memory.add(UserMessage.from("old"));
    memory.clear();
    assertThat(memory.messages()).isEmpty();
    memory.add(UserMessage.from("new"));
    restart();
    assertThat(memory.messages()).containsExactly(UserMessage.from("new"));
    assertThat(texts()).containsExactly("Be brief.", "old", "new");
  }

  @Test
  @DisplayName("takes the calls and results of others, whatever JSON and whoever's they are")
  void ofOthers() {
    memory.add(UserMessage.from("What is the weather like?"));
    log.append(ID, NewEvent.of(new ToolCall("c1", "weather", Json.parse("[\"Lisbon\"]"))));
    log.append(ID, NewEvent.of(new ToolResult("c1", Json.parse("{\"t\":18}"))).withActor("me"));
    restart();
    List<ChatMessage> messages = memory.messages();
    assertThat(messages).hasSize(3);
    assertThat(((AiMessage) messages.get(1)).toolExecutionRequests())
        .singleElement()
        .satisfies(call -> assertThat(call.arguments()).isEqualTo("[\"Lisbon\"]"));
    assertThat(messages.get(2))
        .isEqualTo(ToolExecutionResultMessage.from("c1", "weather", "{\"t\":18}"));
  }

  @Test
  @DisplayName("appends all that a window brings or nothing, so that nothing is appended twice")
  void atOnce() {
    List<ChatMessage> window =
        List.of(UserMessage.from("short"), UserMessage.from("x".repeat(2 << 20)));
    assertThatThrownBy(() -> store.updateMessages(ID, window))
        .isInstanceOf(SessionLogException.class);
    assertThat(texts()).isEmpty();
    store.updateMessages(ID, window.subList(0, 1));
    assertThat(texts()).containsExactly("short");
  }
}
