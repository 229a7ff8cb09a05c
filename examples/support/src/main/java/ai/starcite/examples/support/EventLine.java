package ai.starcite.examples.support;

import ai.starcite.Event;
import ai.starcite.chat.Artifact;
import ai.starcite.chat.Checkpoint;
import ai.starcite.chat.Handoff;
import ai.starcite.chat.Message;
import ai.starcite.chat.Status;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** An event as a line for people: seq, time, type, actor — text. */
public final class EventLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private EventLine() {}

  /** Formats an event. */
  public static String of(Event event) {
    String actor = event.actor().orElse("somebody");
    String shortActor = actor.startsWith("agent:") ? actor.substring("agent:".length()) : actor;
    String time = TIME.format(event.insertedAt());
    return "%3d %s %-11s %-9s — %s"
        .formatted(event.seq(), time, event.type(), shortActor, text(event));
  }

  /** Typed events are read as their records; of any other, the payload is shown. */
  private static String text(Event event) {
    switch (event.type()) {
      case "message":
        return event.as(Message.class).text();
      case "handoff":
        Handoff handoff = event.as(Handoff.class);
        return handoff.from() + " → " + handoff.to() + detail(quoted(handoff.reason()));
      case "status":
        Status status = event.as(Status.class);
        return status.status() + detail(status.detail());
      case "checkpoint":
        Checkpoint checkpoint = event.as(Checkpoint.class);
        return checkpoint.name() + detail(checkpoint.data());
      case "artifact":
        Artifact artifact = event.as(Artifact.class);
        return artifact.name() + detail(artifact.data());
      case "tool_call":
        ToolCall call = event.as(ToolCall.class);
        return call.name() + " " + call.arguments();
      case "tool_result":
        return event.as(ToolResult.class).result().toString();
      default:
        return event.payload().toString();
    }
  }

  private static String quoted(String reason) {
    return reason == null ? null : "reason=\"" + reason + "\"";
  }

  private static String detail(Object detail) {
    return detail == null ? "" : " " + detail;
  }
}
