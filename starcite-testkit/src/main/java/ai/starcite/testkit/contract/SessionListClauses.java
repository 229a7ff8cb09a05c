package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Listing sessions page by page. */
public abstract class SessionListClauses extends LogFixture {
  private static final SessionQuery ALL = SessionQuery.active();

  private List<List<String>> pages(SessionQuery query) {
    List<List<String>> pages = new ArrayList<>();
    Optional<String> after = query.after();
    do {
      SessionPage page = log().list(after.map(query::withAfter).orElse(query));
      pages.add(page.sessions().stream().map(SessionPage.Row::id).toList());
      after = page.next();
    } while (after.isPresent());
    return pages;
  }

  private List<String> ids(SessionQuery query) {
    return pages(query).stream().flatMap(List::stream).toList();
  }

  private void create(String... ids) {
    for (String id : ids) {
      log().create(NewSession.ofId(id));
    }
  }

  private void createWith(String id, String metadata) {
    log().create(NewSession.ofId(id).withMetadata(Json.parse(metadata)));
  }

  @Test
  @DisplayName("SES-6: pages of random ids agree with a sorted model, for any prefix and cursor")
  void pagesAgreeWithModel() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] alphabet = {
      "a", "b", "Z", "é", "\u07FF", "\uD7FF", "\uE000", "\uFFFF", "\uD800\uDC00"
    };
    TreeSet<String> model = new TreeSet<>(this::compareIds);
    while (model.size() < 150) {
      String id = word(random, alphabet, 1);
      if (model.add(id)) {
        create(id);
      }
    }
    reopen();
    assertThat(ids(ALL.withLimit(7))).as("seed %d", seed).containsExactlyElementsOf(model);
    for (int round : Rounds.upTo(100)) {
      String prefix = random.nextInt(3) == 0 ? "" : word(random, alphabet, 1);
      String after = word(random, alphabet, 1);
      int limit = 1 + random.nextInt(20);
      List<String> expected =
          model.tailSet(after, false).stream().filter(id -> id.startsWith(prefix)).toList();
      SessionQuery query = ALL.withPrefix(prefix).withLimit(limit).withAfter(after);
      assertThat(ids(query))
          .as("prefix '%s' after '%s' limit %d, seed %d", prefix, after, limit, seed)
          .containsExactlyElementsOf(expected);
    }
  }

  private static String word(Random random, String[] alphabet, int least) {
    StringBuilder word = new StringBuilder();
    for (int left = least + random.nextInt(3); left > 0; left--) {
      word.append(alphabet[random.nextInt(alphabet.length)]);
    }
    return word.toString();
  }

  @Test
  @DisplayName("SES-6: a call looks at 10,000 sessions at most, and names where to continue")
  void looksAtTenThousand() throws Exception {
    int sessions = 10_050;
    AtOnce.run(
        32,
        thread -> {
          for (int i = thread; i < sessions; i += 32) {
            createWith("s%05d".formatted(i), i == sessions - 1 ? "{\"k\":\"v\"}" : "{}");
          }
          return null;
        });
    SessionQuery query = ALL.withMetadata("k", "v").withLimit(1_000);
    SessionPage first = log().list(query);
    assertThat(first.sessions()).isEmpty();
    assertThat(first.next()).contains("s09999");
    SessionPage second = log().list(query.withAfter("s09999"));
    assertThat(second.sessions()).extracting(SessionPage.Row::id).containsExactly("s10049");
    assertThat(second.next()).isEmpty();
  }

  @Test
  @DisplayName("SES-6: the order is stable: sessions that stay are listed once while others change")
  void stableWhileOthersChange() throws Exception {
    List<String> staying = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      staying.add("stays-%02d".formatted(i));
    }
    create(staying.toArray(String[]::new));
    AtomicBoolean done = new AtomicBoolean();
    AtOnce.run(
        2,
        thread -> {
          if (thread == 0) {
            for (int i = 0; !done.get(); i = (i + 1) % 60) {
              create("stays-%02d-goes".formatted(i));
              log().delete("stays-%02d-goes".formatted(i));
            }
          } else {
            try {
              for (int listing : Rounds.upTo(30)) {
                List<String> listed = new ArrayList<>(ids(ALL.withLimit(3)));
                listed.removeIf(id -> id.endsWith("-goes"));
                assertThat(listed).containsExactlyElementsOf(staying);
              }
            } finally {
              done.set(true);
            }
          }
          return null;
        });
  }
}
