package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Payloads, metadata and refs come back byte for byte, whatever the store. */
@OverMemory
class PayloadTest extends LogFixture {
  private static final List<String> AWKWARD =
      List.of(
          "{}",
          " {\t}\r\n",
          "{\"b\":1,\"a\":2}",
          "{\"n\":1.0,\"m\":1e0,\"k\":10E-1,\"z\":-0,\"y\":-0.0}",
          "{\"n\":1e999999999,\"m\":123456789012345678901234567890.10}",
          "{\"\":\"\"}",
          "{\"s\":\"\\u00e9\\/\\\"\\u0000 é \uD83D\uDE00 \\ud83d\\ude00\"}",
          "{\"s\":\"\u2028\u2029\uFEFF\uFFFF\u007F\"}",
          "{ \"spaced\" : [ 1 , null , true , { } ] }",
          "{\"deep\":" + "[".repeat(99) + "]".repeat(99) + "}");

  @BeforeEach
  void create() {
    log().create(NewSession.ofId("s"));
  }

  private static NewEvent payload(String json) {
    return NewEvent.of("t", Json.parse(json));
  }

  /** Appends, following live, and compares: live, again, and after a restart. */
  private void roundTrip(List<NewEvent> events, String description) {
    List<Json> expected = events.stream().map(NewEvent::payload).toList();
    try (Tail tail = log().tail("s", 0)) {
      for (NewEvent each : events) {
        log().append("s", each);
        assertThat(tail.next().payload()).as(description).isEqualTo(each.payload());
      }
    }
    assertThat(read("s")).extracting(Event::payload).as(description).isEqualTo(expected);
    reopen();
    List<Event> cold = read("s");
    assertThat(cold).extracting(Event::payload).as(description).isEqualTo(expected);
    assertThat(cold).extracting(Event::toNewEvent).as(description).isEqualTo(events);
  }

  @Test
  @DisplayName("EVT-2: metadata and refs come back byte for byte too")
  void metadataAndRefs() {
    roundTrip(
        AWKWARD.stream()
            .map(text -> payload("{}").withMetadata(Json.parse(text)).withRefs(Json.parse(text)))
            .toList(),
        "awkward metadata and refs");
  }

  @Test
  @DisplayName("EVT-2: random payloads come back byte for byte, live, cold and after a restart")
  void random() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      events.add(payload(object(random, 4)));
    }
    roundTrip(events, "seed " + seed);
  }

  private static String object(Random random, int depth) {
    StringBuilder text = new StringBuilder(space(random)).append('{');
    int members = random.nextInt(4);
    for (int i = 0; i < members; i++) {
      // The number keeps keys from being equal.
      String key = i + string(random);
      text.append(i == 0 ? "" : ",").append(space(random)).append('"').append(key).append("\":");
      text.append(space(random)).append(value(random, depth - 1)).append(space(random));
    }
    return text.append('}').append(space(random)).toString();
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> "\"" + string(random) + "\"";
      case 1 -> List.of("true", "false", "null").get(random.nextInt(3));
      case 2 -> String.valueOf(random.nextLong());
      case 3 -> random.nextInt(10) + "." + random.nextInt(1_000) + "E" + random.nextInt(5_000);
      case 4 -> "[" + space(random) + "]";
      case 5 -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
      default -> object(random, depth);
    };
  }

  private static String string(Random random) {
    String[] pieces = {"a", "é", "\u20AC", "\uD83D\uDE00", "\\n", "\\u0041", "\\ud83d\\ude00", "/"};
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(6); left > 0; left--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  private static String space(Random random) {
    return List.of("", "", "", " ", "\n", "\t", "\r\n").get(random.nextInt(7));
  }
}
