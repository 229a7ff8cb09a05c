package ai.starcite.examples.agentruntime;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Tells the new messages of a window from those that were in it before. Equal messages are not the
 * same one: somebody may say "yes" twice. So messages are told apart by their place.
 *
 * <p>A memory takes the window that it was given, drops some of the oldest messages and adds new
 * ones at the end. What it has kept are the very objects, by which they are found. A memory that
 * copies its messages has no such objects: then the longest end of the old window that the new one
 * begins with is what it has kept.
 */
final class WindowChange {
  private WindowChange() {}

  static List<ChatMessage> added(List<ChatMessage> before, List<ChatMessage> after) {
    List<ChatMessage> added = new ArrayList<>();
    ChatMessage system = system(after);
    if (system != null && !Objects.equals(system, system(before))) {
      added.add(system);
    }
    List<ChatMessage> old = withoutSystem(before);
    List<ChatMessage> now = withoutSystem(after);
    int kept = keptObjects(old, now);
    // One message alone that is equal to the last one is rather said again than kept as a copy.
    if (kept == 0 && now.size() > 1) {
      kept = keptCopies(old, now);
    }
    added.addAll(now.subList(kept, now.size()));
    return added;
  }

  private static ChatMessage system(List<ChatMessage> window) {
    return window.stream().filter(SystemMessage.class::isInstance).findFirst().orElse(null);
  }

  private static List<ChatMessage> withoutSystem(List<ChatMessage> window) {
    return window.stream().filter(message -> !(message instanceof SystemMessage)).toList();
  }

  /** How many at the beginning of the new window are objects of the old one, in its order. */
  private static int keptObjects(List<ChatMessage> old, List<ChatMessage> now) {
    int kept = 0;
    int next = 0;
    while (kept < now.size()) {
      while (next < old.size() && old.get(next) != now.get(kept)) {
        next++;
      }
      if (next == old.size()) {
        break;
      }
      next++;
      kept++;
    }
    return kept;
  }

  private static int keptCopies(List<ChatMessage> old, List<ChatMessage> now) {
    for (int kept = Math.min(old.size(), now.size()); kept > 0; kept--) {
      if (old.subList(old.size() - kept, old.size()).equals(now.subList(0, kept))) {
        return kept;
      }
    }
    return 0;
  }
}
