package ai.starcite.testkit.history;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Numbers the events of one producer in one session, and learns from what became of them. */
public final class ProducerNumbers {
  private static final int LARGE = 2_000;

  private final String producerId;
  private final Random random;
  private final List<NewEvent> sent = new ArrayList<>();
  private long next = 1;
  private long made;
  private @Nullable NewEvent unsettled;

  /**
   * Begins with the number 1.
   *
   * @param producerId the id of the producer
   * @param random draws what is sent
   */
  public ProducerNumbers(String producerId, Random random) {
    this.producerId = producerId;
    this.random = random;
  }

  /**
   * Returns the events to send next: those whose outcome is unknown first.
   *
   * @param events how many
   * @return so many events
   */
  public List<NewEvent> take(int events) {
    List<NewEvent> taken = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      boolean again = unsettled != null && number(unsettled) == next && random.nextInt(8) > 0;
      taken.add(again ? unsettled : numbered(next));
      next++;
    }
    sent.addAll(taken);
    return taken;
  }

  /**
   * Returns an event that leaves out a number.
   *
   * @return an event that the log must refuse
   */
  public NewEvent beyond() {
    return numbered(next + 1 + random.nextInt(3));
  }

  /**
   * Returns another event of a number that was sent before.
   *
   * @return an event that the log must refuse
   */
  public NewEvent forged() {
    return sent.isEmpty() ? beyond() : numbered(number(sent.get(random.nextInt(sent.size()))));
  }

  /**
   * Returns consecutive events that were sent before: the latest ones, or much older ones.
   *
   * @param atMost how many at most
   * @return at least one event
   */
  public List<NewEvent> repeated(int atMost) {
    if (sent.isEmpty()) {
      return take(1);
    }
    boolean latest = random.nextBoolean();
    int from = latest ? Math.max(0, sent.size() - atMost) : random.nextInt(sent.size());
    List<NewEvent> row = new ArrayList<>();
    for (int i = from; i < sent.size() && row.size() < atMost; i++) {
      NewEvent event = sent.get(i);
      if (row.isEmpty() || number(event) == number(row.get(row.size() - 1)) + 1) {
        row.add(event);
      }
    }
    return row;
  }

  /**
   * Returns an event without a number.
   *
   * @return a new event
   */
  public NewEvent anonymous() {
    return event("anonymous");
  }

  /**
   * Learns that an event is stored.
   *
   * @param event an event that was sent
   */
  public void stored(NewEvent event) {
    if (event.producerId().isPresent()) {
      next = Math.max(next, number(event) + 1);
    }
  }

  /**
   * Learns that an event failed.
   *
   * @param event an event that was sent
   * @param failure what it failed with
   */
  public void failed(NewEvent event, SessionLogException failure) {
    if (event.producerId().isEmpty()) {
      return;
    }
    switch (failure.code()) {
      case PRODUCER_SEQ_CONFLICT -> next = failure.expectedProducerSeq().orElse(next);
      case PRODUCER_REPLAY_CONFLICT -> next = Math.max(next, number(event) + 1);
      default -> {
        next = Math.min(next, number(event));
        unsettled = event;
      }
    }
  }

  private static long number(NewEvent event) {
    return event.producerSeq().orElseThrow();
  }

  private NewEvent numbered(long number) {
    return event("numbered").withProducer(producerId, number);
  }

  private NewEvent event(String kind) {
    String text = producerId + " " + ++made + " " + kind;
    String padding = random.nextInt(20) == 0 ? "x".repeat(random.nextInt(LARGE)) : "";
    return NewEvent.of("content", Json.encode(Map.of("text", text + padding)));
  }
}
