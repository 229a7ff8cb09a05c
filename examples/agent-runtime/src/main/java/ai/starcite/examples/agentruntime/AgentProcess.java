package ai.starcite.examples.agentruntime;

import ai.starcite.Event;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.chat.Transcript;
import ai.starcite.chat.TranscriptEntry;
import ai.starcite.chat.TranscriptEntry.ErrorEntry;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * One life of the agent's process: {@code DIRECTORY say TEXT}, {@code DIRECTORY halt PIECES TEXT},
 * which dies in the middle of its answer, {@code DIRECTORY resume}, or {@code DIRECTORY read},
 * which prints the transcript as JSON.
 */
public final class AgentProcess {
  static final String SESSION = "weather-chat";
  static final int MAX_MESSAGES = 6;
  static final int HALTED = 99;

  private AgentProcess() {}

  /** Lives as long as the arguments say. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(Path.of(args[0])))) {
      switch (args[1]) {
        case "say" -> out.println(agent(log, Integer.MAX_VALUE).ask(args[2]));
        case "halt" -> out.println(agent(log, Integer.parseInt(args[2])).ask(args[3]));
        case "resume" ->
            out.println(agent(log, Integer.MAX_VALUE).resume().orElse("nothing to resume"));
        case "read" -> out.println(transcript(log).toJson());
        default -> throw new IllegalArgumentException("unknown: " + args[1]);
      }
    }
  }

  private static Agent agent(SessionLog log, int haltsAfter) {
    int[] pieces = {0};
    Agent agent =
        new Agent(
            new SessionChatMemoryStore(id -> Conversation.open(log, id)),
            SESSION,
            MAX_MESSAGES,
            new WeatherModel(),
            WeatherModel.TOOL,
            WeatherModel::weather,
            piece -> {
              if (++pieces[0] == haltsAfter) {
                Runtime.getRuntime().halt(HALTED);
              }
            });
    agent.instruct("You are a weather service.");
    return agent;
  }

  static Transcript transcript(SessionLog log) {
    Transcript transcript = new Transcript();
    try (Tail tail = log.tail(SESSION, TailOptions.from(0).withoutFollowing())) {
      for (Event event : tail) {
        transcript.apply(event);
      }
    }
    return transcript;
  }

  /** The conversation as people read it. */
  static void print(List<TranscriptEntry> entries, PrintStream out) {
    for (TranscriptEntry entry : entries) {
      if (entry instanceof MessageEntry message) {
        out.println(
            "%s: %s%s"
                .formatted(
                    message.role(),
                    message.text(),
                    switch (message.state()) {
                      case COMPLETE -> "";
                      case PARTIAL -> " …";
                      case FAILED -> " … (cut off)";
                    }));
      } else if (entry instanceof ToolEntry tool) {
        out.println("  %s %s".formatted(tool.name(), tool.arguments()));
        tool.results().forEach(result -> out.println("    → " + result.value()));
      } else if (entry instanceof ErrorEntry error) {
        out.println("  (" + error.failure().message() + ")");
      }
    }
  }
}
