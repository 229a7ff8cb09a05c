package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Payloads come back byte for byte. */
public abstract class PayloadClauses extends PayloadFixture {
  @Test
  @DisplayName("EVT-2: awkward payloads come back byte for byte, live, cold and after a restart")
  void awkward() {
    roundTrip(AWKWARD.stream().map(PayloadFixture::payload).toList(), "awkward payloads");
  }

  @Test
  @DisplayName("EVT-2: batches larger than the page cache come back byte for byte from the store")
  void moreThanTheCache() {
    settings(builder -> builder.pageCacheBytes(1 << 20).sessionCacheBytes(1 << 20));
    reopen();
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      events.add(payload("{\"i\":%d,\"text\":\"%s\"}".formatted(i, "é".repeat(40_000))));
    }
    for (int i = 0; i < events.size(); i += 10) {
      log().appendAll("s", events.subList(i, i + 10));
    }
    for (int i = 0; i < 2; i++) {
      assertThat(read("s")).extracting(Event::toNewEvent).isEqualTo(events);
    }
    reopen();
    assertThat(read("s")).extracting(Event::toNewEvent).isEqualTo(events);
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
