package ai.starcite.examples.quickstart;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Payload;
import ai.starcite.Producer;
import ai.starcite.Refs;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.chat.Artifact;
import ai.starcite.chat.Checkpoint;
import ai.starcite.chat.Handoff;
import ai.starcite.chat.Message;
import ai.starcite.chat.Status;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;
import java.util.Map;

/**
 * One agent in a session. It says things by appending events, and learns that it is its turn by
 * tailing the same session: the log is all that the agents share.
 */
record Agent(SessionLog log, String id, String name, Producer producer, Map<Long, NewEvent> said) {

  /**
   * An agent that notes what was acknowledged. Its producer numbers its events: retries are safe.
   */
  Agent(SessionLog log, String id, String name, Map<Long, NewEvent> said) {
    this(log, id, name, log.producer(id, name), said);
  }

  void plan() {
    long call = say(new ToolCall("call_1", "migrations", Json.parse("{\"env\":\"staging\"}")));
    append(
        NewEvent.of(new ToolResult("call_1", Json.parse("{\"pending\":3}")))
            .withActor("tool:db")
            .withRefs(Refs.to(call)));
    say(Message.assistant("Found 3 pending migrations. Handing off."));
    say(new Handoff("planner", "validator", "migrations detected"));
    // The others go on from here, and so does the planner.
    say(new Artifact("plan.md", "text/markdown", null, Json.encode("1. migrate 2. ship")));
  }

  void validate() {
    say(new Status("warming up", "test workers=4"));
    say(new Status("attached", "cursor=" + awaitHandoff().seq()));
    say(Message.assistant("Running dry-run on 3 migrations…"));
    say(new Checkpoint("3/3 migrations OK", Json.parse("{\"schema_version\":47}")));
    say(new Checkpoint("47/47 tests passing", Json.parse("{\"coverage\":94.2}")));
    say(Message.assistant("All checks green. Safe to deploy."));
    say(new Handoff("validator", "deployer", "all checks passed"));
  }

  void deploy() {
    say(new Status("warming up", "canary instances=2"));
    say(new Status("attached", "cursor=" + awaitHandoff().seq()));
    say(Message.assistant("Deploying staging canary (v2.4)…"));
    say(new Checkpoint("canary live", Json.parse("{\"traffic\":\"10%\"}")));
    Json health = Json.parse("{\"p99_ms\":42,\"error_rate\":0.0}");
    say(new Artifact("health.json", "application/json", null, health));
  }

  /** Says something in its own name: any record of the vocabulary. */
  private long say(Payload typed) {
    return append(NewEvent.of(typed).withAgent(name));
  }

  /** Appends an event; when this returns, it is on disk. */
  private long append(NewEvent event) {
    long seq = producer.append(event).seq();
    said.put(seq, event);
    return seq;
  }

  /** Waits for the handoff to this agent, and finds it as well if it was long ago. */
  private Event awaitHandoff() {
    try (Tail tail = log.tail(id, TailOptions.from(0).withTypes("handoff"))) {
      for (Event event : tail) {
        if (event.as(Handoff.class).to().equals(name)) {
          return event;
        }
      }
    }
    throw new IllegalStateException("the session ended before " + name + " had its turn");
  }
}
