package ai.starcite.testkit.model;

import ai.starcite.NewEvent;
import ai.starcite.testkit.model.SessionView.Times;

/** What an event shows, without what a model cannot know. */
record EventView(long seq, NewEvent event, Times times) {
  @Override
  public String toString() {
    return "%d %s %s%s%s"
        .formatted(
            seq,
            event.type(),
            event
                .producerId()
                .map(id -> id + "/" + event.producerSeq().getAsLong() + " ")
                .orElse(""),
            event.payload(),
            times == Times.RIGHT ? "" : " times=" + times);
  }
}
