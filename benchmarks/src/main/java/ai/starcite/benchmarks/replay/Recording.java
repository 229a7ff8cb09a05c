package ai.starcite.benchmarks.replay;

import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.benchmarks.peers.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The sessions that are replayed: events of 256 bytes by ten agents in turn. */
final class Recording {
  static final String SESSION = "recording";

  /** One whose events were appended one at a time, each as a segment of its own. */
  static final String CONVERSATION = "conversation";

  /** How many times fewer events that has. */
  static final int CONVERSATION_SHARE = 20;

  static final String PRODUCER = "writer";
  static final int BYTES = 256;
  static final int BATCH = 1_000;
  private static final int AGENTS = 10;

  private Recording() {}

  /** Different payloads, by the number of the event. */
  static IntFunction<Payload> payloads() {
    Payload[] payloads = new Payload[64];
    for (int i = 0; i < payloads.length; i++) {
      payloads[i] = Payload.ofBytes(BYTES, i);
    }
    return number -> payloads[number % payloads.length];
  }

  /** Appends a conversation to a log, event by event. */
  static void converse(SessionLog log, int events) {
    log.create(NewSession.ofId(CONVERSATION));
    IntFunction<Payload> payloads = payloads();
    for (int i = 1; i <= events / CONVERSATION_SHARE; i++) {
      log.append(CONVERSATION, event(payloads, i));
    }
  }

  /** Appends all of the recording to a log, in batches of a thousand. */
  static void append(SessionLog log, int events) {
    log.create(NewSession.ofId(SESSION));
    IntFunction<Payload> payloads = payloads();
    List<NewEvent> batch = new ArrayList<>();
    for (int i = 1; i <= events; i++) {
      batch.add(event(payloads, i));
      if (batch.size() == BATCH || i == events) {
        log.appendAll(SESSION, batch);
        batch.clear();
      }
    }
  }

  private static NewEvent event(IntFunction<Payload> payloads, int number) {
    return NewEvent.of("message", payloads.apply(number).json())
        .withAgent(agent(number))
        .withProducer(PRODUCER, number);
  }

  static String agent(int number) {
    return "agent-" + number % AGENTS;
  }
}
