package ai.starcite.benchmarks.peers;

import ai.starcite.Json;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * What an event carries, in the forms that its stores take.
 *
 * @param text a JSON object
 * @param bytes the same in UTF-8
 * @param json the same, checked
 */
public record Payload(String text, byte[] bytes, Json json) {
  private static final int WORDS = 2_000;

  /** A JSON object of so many bytes of words, which compress about as well as prose. */
  public static Payload ofBytes(int bytes, int seed) {
    Random random = new Random(seed);
    String head = "{\"role\":\"assistant\",\"text\":\"";
    StringBuilder text = new StringBuilder(head);
    while (text.length() < bytes - 2) {
      Random word = new Random(random.nextInt(WORDS));
      for (int i = 2 + word.nextInt(8); i > 0; i--) {
        text.append((char) ('a' + word.nextInt(26)));
      }
      text.append(' ');
    }
    text.setLength(Math.max(head.length(), bytes - 2));
    String object = text.append("\"}").toString();
    return new Payload(object, object.getBytes(StandardCharsets.UTF_8), Json.parse(object));
  }
}
