package ai.starcite.examples.support;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.SessionLogException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A recorded conversation.
 *
 * @param line where in the file it is
 * @param session its session; whatever else the line says is the session's metadata
 * @param messages its chat messages, as they stand in the file
 */
record RecordedConversation(int line, NewSession session, List<Json> messages) {

  String sessionId() {
    return session.id().orElseThrow();
  }

  /** Reads a line of a file, and finds all that is wrong with it. */
  static RecordedConversation parse(int line, byte[] utf8) throws BadInputException {
    try {
      Map<String, Json> members = new LinkedHashMap<>(Json.parse(utf8).members());
      String id = read(members.remove("session"), String.class, "\"session\" must be a string");
      Json[] messages =
          read(members.remove("messages"), Json[].class, "\"messages\" must be a list");
      for (int i = 0; i < messages.length; i++) {
        requireChatMessage(messages[i], "messages[" + i + "]");
      }
      NewSession session = NewSession.ofId(id).withMetadata(Json.encode(members));
      return new RecordedConversation(line, session, List.of(messages));
    } catch (SessionLogException | BadInputException e) {
      throw new BadInputException("line " + line + ": " + e.getMessage(), e);
    }
  }

  private static void requireChatMessage(Json message, String name) throws BadInputException {
    if (!message.isObject()) {
      throw new BadInputException(name + " must be an object");
    }
    read(message.members().get("role"), String.class, name + ".role must be a string");
    try {
      ChatMessage.toEvents(message);
    } catch (SessionLogException e) {
      throw new BadInputException(name + ": " + e.getMessage(), e);
    }
  }

  private static <T> T read(Json value, Class<T> type, String problem) throws BadInputException {
    if (value == null) {
      throw new BadInputException(problem + ", and is missing");
    }
    try {
      return value.as(type);
    } catch (SessionLogException e) {
      throw new BadInputException(problem, e);
    }
  }
}
