package ai.starcite.examples.quickstart;

import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.Payload;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.chat.Handoff;
import java.util.Map;

/**
 * One agent in a session. It says things by appending events, and it learns that it is its turn by
 * tailing the same session: the log is all that the agents share.
 */
final class Agent {
  private final SessionLog log;
  private final String sessionId;
  private final String name;
  private final Producer producer;
  private final Map<Long, NewEvent> acknowledged;

  /** An agent that notes what was acknowledged, by seq, for the checks at the end. */
  Agent(SessionLog log, String sessionId, String name, Map<Long, NewEvent> acknowledged) {
    this.log = log;
    this.sessionId = sessionId;
    this.name = name;
    this.producer = log.producer(sessionId, name); // numbers the events, so that retries are safe
    this.acknowledged = acknowledged;
  }

  /** Says something in its own name: any record of the vocabulary. */
  long say(Payload typed) {
    return append(NewEvent.of(typed).withAgent(name));
  }

  /** Appends an event; when this returns, it is on disk. */
  long append(NewEvent event) {
    AppendResult result = producer.append(event);
    acknowledged.put(result.seq(), event);
    return result.seq();
  }

  /** Waits until somebody hands over to this agent, also if that was long ago. */
  Event awaitHandoff() {
    TailOptions handoffs = TailOptions.from(0).withTypes("handoff");
    try (Tail tail = log.tail(sessionId, handoffs)) {
      for (Event event : tail) {
        if (event.as(Handoff.class).to().equals(name)) {
          return event;
        }
      }
    }
    throw new IllegalStateException("the session ended before " + name + " had its turn");
  }
}
