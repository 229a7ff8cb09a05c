package ai.starcite.testkit.contract;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Payloads, metadata and refs come back byte for byte, whatever the store. */
@OverMemory
class PayloadTest extends PayloadFixture {
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
