package ai.starcite.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What tells contents apart without comparing them. */
class ContentHashTest {
  private static final NewEvent EVENT = NewEvent.of("a", Json.parse("{}"));

  private static ContentHash hash(NewEvent event) {
    return ContentHash.of(event, false);
  }

  @Test
  @DisplayName("APP-4: each field counts, also where the same text stands in another one")
  void of_fields() {
    Json object = Json.parse("{\"b\":1}");
    List<NewEvent> events =
        List.of(
            EVENT,
            NewEvent.of("ab", Json.parse("{}")),
            EVENT.withActor("b"),
            EVENT.withSource("b"),
            EVENT.withIdempotencyKey("b"),
            EVENT.withMetadata(object),
            EVENT.withRefs(object),
            NewEvent.of("a", object));
    Set<ContentHash> hashes = new HashSet<>();
    for (NewEvent event : events) {
      assertThat(hash(event)).isEqualTo(hash(NewEvent.fromJson(event.toJson())));
      assertThat(hashes.add(hash(event))).as("%s", event).isTrue();
      assertThat(hashes.add(ContentHash.of(event, true))).as("%s with seal", event).isTrue();
    }
    assertThat(hash(EVENT.withProducer("p", 7))).isEqualTo(hash(EVENT));
  }

  @Test
  @DisplayName("APP-4: payloads that were made to collide under multiplications do not")
  void of_constructedCollision() {
    assertThat(hash(NewEvent.of("t", Json.parse("{\"t\":\"abkpistrde$@@#@@##\"}"))))
        .isNotEqualTo(hash(NewEvent.of("t", Json.parse("{\"t\":\"abvhkgomnexxoUtu|U\"}"))));
  }

  @Test
  @DisplayName("APP-4: the hash is that of the checkpoint's format, and does not change")
  void of_known() {
    // SHA-256 of 00000001 00000000 00000000 00000000 00000000 00000000 00000002 00 "a" "{}".
    assertThat(hash(EVENT)).isEqualTo(new ContentHash(0x2eb4d0073d934160L, 0x8fbb9c6c0c17cfb4L));
  }
}
