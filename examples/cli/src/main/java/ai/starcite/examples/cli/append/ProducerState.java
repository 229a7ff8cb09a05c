package ai.starcite.examples.cli.append;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a producer of the command knows of itself: the number of its next event, the events that may
 * be stored or not, and the run that has not ended. Immutable.
 *
 * @param producerId the id
 * @param incarnation the life of the session that the numbers are for
 * @param nextSeq the number of the next event
 * @param run the run that has begun and not ended, or null
 * @param pending what was about to be sent, in order
 */
record ProducerState(
    String producerId, String incarnation, long nextSeq, Run run, List<Request> pending) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * A run of the command.
   *
   * @param fingerprint of its first event, and whether that came from an option or a stream
   * @param firstSeq the number that its first event has
   */
  record Run(String fingerprint, long firstSeq) {}

  /** The first line of the file. */
  private record Head(
      String producerId, String incarnation, long nextSeq, String run, Long runFirstSeq) {}

  static ProducerState fresh(String incarnation) {
    byte[] random = new byte[12];
    RANDOM.nextBytes(random);
    String id = "cli_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    return new ProducerState(id, incarnation, 1, null, List.of());
  }

  ProducerState begun(Run newRun) {
    return new ProducerState(producerId, incarnation, nextSeq, newRun, pending);
  }

  ProducerState sending(List<Request> requests, long newNextSeq) {
    return new ProducerState(producerId, incarnation, newNextSeq, run, List.copyOf(requests));
  }

  ProducerState settled(long newNextSeq) {
    return new ProducerState(producerId, incarnation, newNextSeq, run, List.of());
  }

  ProducerState ended() {
    return new ProducerState(producerId, incarnation, nextSeq, null, List.of());
  }

  boolean isUnfinished() {
    return run != null || !pending.isEmpty();
  }

  byte[] toBytes() {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("producer_id", producerId);
    head.put("incarnation", incarnation);
    head.put("next_seq", nextSeq);
    if (run != null) {
      head.put("run", run.fingerprint());
      head.put("run_first_seq", run.firstSeq());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Json.encode(head).bytes());
    out.write('\n');
    for (Request request : pending) {
      out.writeBytes(request.toLine().bytes());
      out.write('\n');
    }
    return out.toByteArray();
  }

  /** Reads what {@link #toBytes} wrote, or fails with a {@link SessionLogException}. */
  static ProducerState fromBytes(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
    Head head = Json.parse(lines[0]).as(Head.class);
    List<Request> pending = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      pending.add(Request.fromLine(Json.parse(lines[i])));
    }
    return new ProducerState(
        head.producerId(),
        head.incarnation(),
        head.nextSeq(),
        head.run() == null ? null : new Run(head.run(), head.runFirstSeq()),
        List.copyOf(pending));
  }
}
