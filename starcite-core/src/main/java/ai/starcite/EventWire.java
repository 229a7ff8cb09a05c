package ai.starcite;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one wire form of events: an object with the names of clause EVT-1, where fields that are null
 * are left out and JSON is embedded byte for byte. Reading takes null for absent, digits in a
 * string for a number, and passes over unknown names.
 */
final class EventWire {
  private static final DateTimeFormatter MICROS =
      new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

  private EventWire() {}

  static Json write(NewEvent event) {
    return write(event, null);
  }

  static Json write(Event event) {
    return write(event, event);
  }

  private static Json write(EventFields fields, @Nullable Event stored) {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) fields.measure() + 256);
    if (stored != null) {
      number(out, "seq", stored.seq());
    }
    text(out, "type", fields.type);
    json(out, "payload", fields.payload);
    text(out, "actor", fields.actor);
    text(out, "source", fields.source);
    json(out, "metadata", fields.metadata);
    json(out, "refs", fields.refs);
    text(out, "idempotency_key", fields.idempotencyKey);
    text(out, "producer_id", fields.producerId);
    if (fields.producerSeq != 0) {
      number(out, "producer_seq", fields.producerSeq);
    }
    if (stored != null) {
      text(out, "inserted_at", time(stored.insertedAt()));
    }
    out.write('}');
    return new Json(out.toByteArray(), true);
  }

  private static void name(ByteArrayOutputStream out, String name) {
    out.write(out.size() == 0 ? '{' : ',');
    out.write('"');
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    out.write('"');
    out.write(':');
  }

  private static void text(ByteArrayOutputStream out, String name, @Nullable String value) {
    if (value != null) {
      name(out, name);
      out.write('"');
      out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(value));
      out.write('"');
    }
  }

  private static void number(ByteArrayOutputStream out, String name, long value) {
    name(out, name);
    out.writeBytes(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
  }

  private static void json(ByteArrayOutputStream out, String name, @Nullable Json value) {
    if (value != null) {
      name(out, name);
      out.writeBytes(value.unsafeBytes());
    }
  }

  static NewEvent readNew(Map<String, Json> members) {
    Json payload = optional(members, "payload");
    String type = EventRules.string("type", members.get("type"));
    if (type == null || payload == null) {
      throw EventRules.invalid("an event needs " + (type == null ? "type" : "payload"));
    }
    NewEvent event = NewEvent.of(type, payload);
    String actor = EventRules.string("actor", members.get("actor"));
    event = actor == null ? event : event.withActor(actor);
    String source = EventRules.string("source", members.get("source"));
    event = source == null ? event : event.withSource(source);
    Json metadata = optional(members, "metadata");
    event = metadata == null ? event : event.withMetadata(metadata);
    Json refs = optional(members, "refs");
    event = refs == null ? event : event.withRefs(refs);
    String key = EventRules.string("idempotency_key", members.get("idempotency_key"));
    event = key == null ? event : event.withIdempotencyKey(key);
    String producerId = EventRules.string("producer_id", members.get("producer_id"));
    Json producerSeq = optional(members, "producer_seq");
    if ((producerId == null) != (producerSeq == null)) {
      throw EventRules.invalid("producer_id and producer_seq belong together: give both or none");
    }
    return producerId == null || producerSeq == null
        ? event
        : event.withProducer(producerId, number("producer_seq", producerSeq));
  }

  static Event read(Map<String, Json> members) {
    Json seq = optional(members, "seq");
    String insertedAt = EventRules.string("inserted_at", members.get("inserted_at"));
    if (seq == null || insertedAt == null) {
      throw EventRules.invalid("a stored event needs " + (seq == null ? "seq" : "inserted_at"));
    }
    return Event.of(number("seq", seq), time("inserted_at", insertedAt), readNew(members));
  }

  /** The wire form of a time, in microseconds. */
  static String time(Instant time) {
    return MICROS.format(time);
  }

  /** Reads the wire form of a time. */
  static Instant time(String name, @Nullable String text) {
    try {
      return Instant.parse(text == null ? "" : text);
    } catch (DateTimeException e) {
      throw EventRules.invalid(
          name
              + " must be a time such as 2026-01-31T12:00:00.000000Z, this is "
              + (text == null ? "missing" : JsonText.shorten(text, 60)));
    }
  }

  private static @Nullable Json optional(Map<String, Json> members, String name) {
    Json value = members.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static long number(String name, Json value) {
    String digits = JsonText.string(value);
    long number = EventRules.integer(digits == null ? value.toString() : digits);
    if (number < 0) {
      throw EventRules.invalid(
          name + " must be a whole number from 1 up, this is " + JsonText.preview(value));
    }
    return number;
  }
}
