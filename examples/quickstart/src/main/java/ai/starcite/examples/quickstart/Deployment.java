package ai.starcite.examples.quickstart;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Refs;
import ai.starcite.chat.Artifact;
import ai.starcite.chat.Checkpoint;
import ai.starcite.chat.Handoff;
import ai.starcite.chat.Message;
import ai.starcite.chat.Status;
import ai.starcite.chat.ToolCall;
import ai.starcite.chat.ToolResult;

/** What planner, validator and deployer do. Each runs on its own thread, all at once. */
final class Deployment {
  private Deployment() {}

  static void plan(Agent planner) {
    long call =
        planner.say(new ToolCall("call_1", "migrations", Json.parse("{\"env\":\"staging\"}")));
    planner.append(
        NewEvent.of(new ToolResult("call_1", Json.parse("{\"pending\":3}")))
            .withActor("tool:db")
            .withRefs(Refs.to(call)));
    planner.say(new Message("assistant", "Found 3 pending migrations. Handing off."));
    planner.say(new Handoff("planner", "validator", "migrations detected"));
    // The others go on from here, and so does the planner.
    planner.say(new Artifact("plan.md", "text/markdown", null, Json.encode("1. migrate 2. ship")));
  }

  static void validate(Agent validator) {
    validator.say(new Status("warming up", "test workers=4"));
    Event handoff = validator.awaitHandoff();
    validator.say(new Status("attached", "cursor=" + handoff.seq()));
    validator.say(new Message("assistant", "Running dry-run on 3 migrations…"));
    validator.say(new Checkpoint("3/3 migrations OK", Json.parse("{\"schema_version\":47}")));
    validator.say(new Checkpoint("47/47 tests passing", Json.parse("{\"coverage\":94.2}")));
    validator.say(new Message("assistant", "All checks green. Safe to deploy."));
    validator.say(new Handoff("validator", "deployer", "all checks passed"));
  }

  static void deploy(Agent deployer) {
    deployer.say(new Status("warming up", "canary instances=2"));
    Event handoff = deployer.awaitHandoff();
    deployer.say(new Status("attached", "cursor=" + handoff.seq()));
    deployer.say(new Message("assistant", "Deploying staging canary (v2.4)…"));
    deployer.say(new Checkpoint("canary live", Json.parse("{\"traffic\":\"10%\"}")));
    Json health = Json.parse("{\"p99_ms\":42,\"error_rate\":0.0}");
    deployer.say(new Artifact("health.json", "application/json", null, health));
  }
}
