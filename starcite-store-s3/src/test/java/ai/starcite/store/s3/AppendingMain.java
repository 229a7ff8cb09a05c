package ai.starcite.store.s3;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.Producer;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that appends to a shared session. It prints {@code ready}, waits for a line, prints
 * {@code ack SEQ NUMBER} for each acknowledged event, and in the end {@code read} with what it
 * reads from the beginning up to a given seq.
 */
final class AppendingMain {
  private AppendingMain() {}

  public static void main(String[] args) throws IOException {
    String prefix = args[0];
    String session = args[1];
    String producer = args[2];
    long count = Long.parseLong(args[3]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (SessionLog log =
        SessionLog.open(TestBucket.current().builder(prefix).skipProbe().open())) {
      say("ready");
      in.readLine();
      long done =
          log.producerPosition(session, producer).map(Producer.Position::producerSeq).orElse(0L);
      for (long number = done + 1; number <= done + count; number++) {
        say("ack " + append(log, session, event(producer, number)) + " " + number);
      }
      say("done");
      long last = Long.parseLong(in.readLine());
      say("read " + digest(read(log, session, last)));
    }
  }

  /** Appends, and retries while the server is unavailable. */
  private static long append(SessionLog log, String session, NewEvent event) {
    while (true) {
      try {
        return log.append(session, event).seq();
      } catch (SessionLogException e) {
        if (!e.isRetryable()) {
          throw e;
        }
        say("again " + e.code());
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }

  static NewEvent event(String producer, long number) {
    return NewEvent.of("content", payload(producer, number)).withProducer(producer, number);
  }

  static Json payload(String producer, long number) {
    return Json.parse("{\"text\":\"event " + number + " of " + producer + "\"}");
  }

  /** Returns the events up to a seq, all of which exist. */
  static List<Event> read(SessionLog log, String session, long last) {
    List<Event> events = new ArrayList<>();
    try (Tail tail = log.tail(session, TailOptions.from(0))) {
      while (events.size() < last) {
        events.add(tail.next());
      }
    }
    return events;
  }

  /** Returns a digest that is equal for equal events only. */
  static String digest(List<Event> events) {
    StringBuilder all = new StringBuilder();
    for (Event event : events) {
      all.append(event.seq()).append(event.producerId()).append(event.producerSeq());
      all.append(event.payload()).append(event.insertedAt()).append('\n');
    }
    return events.size() + ":" + all.toString().hashCode();
  }
}
