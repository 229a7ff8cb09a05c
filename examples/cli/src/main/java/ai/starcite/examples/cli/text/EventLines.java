package ai.starcite.examples.cli.text;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Events on one line each, and back byte for byte. That is their wire form, but for JSON that has
 * line breaks in it: it stands as a string beside, {@code payload_text} for {@code payload}.
 */
public final class EventLines {
  private static final Json EMPTY = Json.parse("{}");

  private EventLines() {}

  public static Json write(Event event) {
    NewEvent flat = flat(event.toNewEvent());
    Json line = Event.of(event.seq(), event.insertedAt(), flat).toJson();
    return withTexts(line, event.payload(), event.metadata(), event.refs());
  }

  public static Json write(NewEvent event) {
    return withTexts(flat(event).toJson(), event.payload(), event.metadata(), event.refs());
  }

  public static NewEvent read(Json line) {
    NewEvent event = NewEvent.fromJson(line);
    Map<String, Json> members = line.members();
    Optional<Json> payload = text(members, "payload_text");
    if (payload.isPresent()) {
      event = withPayload(event, payload.get());
    }
    event = text(members, "metadata_text").map(event::withMetadata).orElse(event);
    return text(members, "refs_text").map(event::withRefs).orElse(event);
  }

  static boolean hasLineBreak(Json json) {
    String text = json.toString();
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  }

  /** The event without what does not fit on a line. */
  private static NewEvent flat(NewEvent event) {
    NewEvent flat = hasLineBreak(event.payload()) ? withPayload(event, EMPTY) : event;
    if (flat.metadata().filter(EventLines::hasLineBreak).isPresent()) {
      flat = flat.withMetadata(EMPTY);
    }
    return flat.refs().filter(EventLines::hasLineBreak).isPresent() ? flat.withRefs(EMPTY) : flat;
  }

  private static Json withTexts(
      Json line, Json payload, Optional<Json> metadata, Optional<Json> refs) {
    Map<String, Json> texts = new LinkedHashMap<>();
    texts.put("payload_text", payload);
    metadata.ifPresent(json -> texts.put("metadata_text", json));
    refs.ifPresent(json -> texts.put("refs_text", json));
    Json whole = line;
    for (Map.Entry<String, Json> text : texts.entrySet()) {
      if (hasLineBreak(text.getValue())) {
        whole = Splice.add(whole, text.getKey(), Json.encode(text.getValue().toString()));
      }
    }
    return whole;
  }

  private static Optional<Json> text(Map<String, Json> members, String name) {
    return Optional.ofNullable(members.get(name)).map(text -> Json.parse(text.as(String.class)));
  }

  private static NewEvent withPayload(NewEvent event, Json payload) {
    NewEvent copy = NewEvent.of(event.type(), payload);
    copy = event.actor().map(copy::withActor).orElse(copy);
    copy = event.source().map(copy::withSource).orElse(copy);
    copy = event.metadata().map(copy::withMetadata).orElse(copy);
    copy = event.refs().map(copy::withRefs).orElse(copy);
    copy = event.idempotencyKey().map(copy::withIdempotencyKey).orElse(copy);
    return event.producerId().isPresent()
        ? copy.withProducer(event.producerId().get(), event.producerSeq().getAsLong())
        : copy;
  }

  /** JSON on one line for people and programs: line breaks between its tokens become spaces. */
  public static byte[] onOneLine(Json json) {
    byte[] bytes = json.bytes();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        bytes[i] = ' ';
      }
    }
    return bytes;
  }
}
