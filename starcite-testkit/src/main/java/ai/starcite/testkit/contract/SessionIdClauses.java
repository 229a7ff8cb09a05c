package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.NewSession;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which ids there can be, and that none reaches another's data. */
public abstract class SessionIdClauses extends LogFixture {

  @Test
  @DisplayName("SES-2: hostile ids are different, valid sessions, and none reaches another's data")
  void hostileIds() {
    for (String id : StoreData.HOSTILE_IDS) {
      log().create(NewSession.ofId(id).withTitle(id));
      log().append(id, event(id));
    }
    reopen();
    for (String id : StoreData.HOSTILE_IDS) {
      assertThat(log().get(id).id()).isEqualTo(id);
      assertThat(log().get(id).title()).contains(id);
      assertThat(read(id)).extracting(Event::payload).containsExactly(event(id).payload());
    }
    List<String> left = new ArrayList<>(StoreData.HOSTILE_IDS);
    for (String id : List.of("a", "..", "A", "é", "\uD83D\uDE00", "%", "/", "0", "K")) {
      log().delete(id);
      left.remove(id);
    }
    reopen();
    for (String id : left) {
      assertThat(read(id)).extracting(Event::payload).containsExactly(event(id).payload());
    }
    assertThat(log().list(SessionQuery.active().withLimit(1_000)).sessions())
        .extracting(SessionPage.Row::id)
        .containsExactlyInAnyOrderElementsOf(left);
  }

  @Test
  @DisplayName("SES-2: an id has up to 256 bytes of UTF-8, and not 257")
  void length() {
    for (String character : List.of("a", "é", "\u20AC", "\uD83D\uDE00")) {
      int bytes = character.getBytes(StandardCharsets.UTF_8).length;
      String longest = character.repeat(256 / bytes) + "x".repeat(256 % bytes);
      log().create(NewSession.ofId(longest));
      log().append(longest, event(character));
      failure(Code.INVALID, () -> log().create(NewSession.ofId(longest + "x")));
      failure(Code.INVALID, () -> log().get(longest + "x"));
      assertThat(read(longest)).hasSize(1);
    }
    failure(Code.INVALID, () -> NewSession.ofId(""));
    failure(Code.INVALID, () -> log().get(""));
  }

  @Test
  @DisplayName("SES-2: sessions of random ids that resemble each other keep their own events")
  void randomIds() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] alphabet = {"a", "b", "A", "/", ".", "é", "\u00FF", "\uFFFF", "\uD83D\uDE00", " "};
    Map<String, List<String>> model = new HashMap<>();
    for (int step = 0; step < 600; step++) {
      StringBuilder made = new StringBuilder();
      for (int left = 1 + random.nextInt(3); left > 0; left--) {
        made.append(alphabet[random.nextInt(alphabet.length)]);
      }
      String id = made.toString();
      if (!model.containsKey(id)) {
        log().create(NewSession.ofId(id));
        model.put(id, new ArrayList<>());
      } else if (random.nextInt(4) == 0) {
        log().delete(id);
        model.remove(id);
        continue;
      }
      model.get(id).add(event(id + step).payload().toString());
      log().append(id, event(id + step));
      if (step == 300) {
        reopen();
      }
    }
    Map<String, List<String>> stored = new HashMap<>();
    for (SessionPage.Row session : log().list(SessionQuery.active().withLimit(1_000)).sessions()) {
      stored.put(
          session.id(), read(session.id()).stream().map(e -> e.payload().toString()).toList());
    }
    assertThat(stored).as("seed %d", seed).isEqualTo(model);
  }
}
