package ai.starcite.examples.agentruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is new in a window")
class WindowChangeTest {
  private final ChatMessage yes = UserMessage.from("yes");
  private final ChatMessage yesAgain = UserMessage.from("yes");
  private final ChatMessage fine = AiMessage.from("fine");
  private final ChatMessage system = SystemMessage.from("Be brief.");

  private static List<ChatMessage> added(List<ChatMessage> before, List<ChatMessage> after) {
    return WindowChange.added(before, after);
  }

  @Test
  @DisplayName("is everything at first, and nothing if nothing was added")
  void bounds() {
    assertThat(added(List.of(), List.of(system, yes))).containsExactly(system, yes);
    assertThat(added(List.of(system, yes), List.of(system, yes))).isEmpty();
    assertThat(added(List.of(system, yes), List.of())).isEmpty();
  }

  @Test
  @DisplayName("is the same text when it is said again, also if the first one has left the window")
  void sameText() {
    assertThat(added(List.of(yes), List.of(yes, yesAgain))).singleElement().isSameAs(yesAgain);
    assertThat(added(List.of(yes), List.of(yesAgain))).singleElement().isSameAs(yesAgain);
    assertThat(
            added(List.of(yes, fine, yesAgain), List.of(fine, yesAgain, UserMessage.from("yes"))))
        .hasSize(1);
  }

  @Test
  @DisplayName("is not what stays while others are evicted")
  void evicted() {
    ChatMessage next = UserMessage.from("next");
    assertThat(added(List.of(system, yes, fine, yesAgain), List.of(system, yesAgain, next)))
        .containsExactly(next);
    assertThat(added(List.of(yes, fine), List.of(next))).containsExactly(next);
  }

  @Test
  @DisplayName("is not what a memory has copied")
  void copies() {
    ChatMessage next = UserMessage.from("next");
    assertThat(
            added(
                List.of(yes, fine, yesAgain),
                List.of(AiMessage.from("fine"), UserMessage.from("yes"), next)))
        .containsExactly(next);
  }

  @Test
  @DisplayName("is another system message, and not the same one")
  void systemMessages() {
    ChatMessage other = SystemMessage.from("Be verbose.");
    assertThat(added(List.of(system, yes), List.of(other, yes))).containsExactly(other);
    assertThat(added(List.of(system, yes), List.of(SystemMessage.from("Be brief."), yes)))
        .isEmpty();
  }
}
