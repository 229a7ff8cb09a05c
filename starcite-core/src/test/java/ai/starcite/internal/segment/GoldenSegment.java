package ai.starcite.internal.segment;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A segment as it was stored by the first version that had its format, beside a description of what
 * is in it: a line of JSON for the segment, then one for each event in its wire form. The files are
 * never changed, so that what they hold stays readable forever.
 */
record GoldenSegment(String name, Json header, List<Event> events) {
  private static final String FOLDER = "/segments/v1/";

  /** The names of the golden segments of format 1. */
  static final List<String> NAMES =
      List.of("one-event", "all-fields", "seals-with-events", "seals-without-events");

  /** Reads a description. */
  static GoldenSegment described(String name) {
    List<String> lines = new String(resource(name + ".jsonl"), UTF_8).lines().toList();
    return new GoldenSegment(
        name,
        Json.parse(lines.get(0)),
        lines.stream().skip(1).map(Json::parse).map(Event::fromJson).toList());
  }

  /** The bytes as they were stored. */
  byte[] stored() {
    return resource(name + ".bin");
  }

  private static byte[] resource(String file) {
    try (InputStream in = GoldenSegment.class.getResourceAsStream(FOLDER + file)) {
      return Objects.requireNonNull(in, file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes that this version makes of the description. */
  Segment encoded() {
    SegmentWriter writer = new SegmentWriter(key());
    for (Event event : events) {
      writer.add(event.toNewEvent(), event.insertedAtMicros(), event.seq() == number("seal_seq"));
    }
    if (events.isEmpty()) {
      writer.seal(number("time_micros"));
    }
    return writer.finish(firstSeq(), token("token"), token("previous_token"));
  }

  SessionKey key() {
    return new SessionKey(text("session_id"), text("epoch"));
  }

  long firstSeq() {
    return number("first_seq");
  }

  boolean seals() {
    return events.isEmpty() || number("seal_seq") != 0;
  }

  UUID token(String member) {
    return UUID.fromString(text(member));
  }

  String text(String member) {
    return header.members().get(member).as(String.class);
  }

  /** A number of the description, 0 if it is not there. */
  long number(String member) {
    Map<String, Json> members = header.members();
    return members.containsKey(member) ? members.get(member).as(Long.class) : 0;
  }

  /**
   * Writes the bytes of descriptions that have none yet. Run it once, in the folder of the module,
   * when a description is added.
   *
   * @param args none
   */
  public static void main(String[] args) throws IOException {
    for (String name : NAMES) {
      Path file = Path.of("src/test/resources" + FOLDER + name + ".bin");
      if (!Files.exists(file)) {
        Files.write(file, described(name).encoded().bytes());
      }
    }
  }
}
