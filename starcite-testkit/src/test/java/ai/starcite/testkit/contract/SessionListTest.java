package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.SessionQuery.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a log filters listings, whatever the store. */
@OverMemory
class SessionListTest extends LogFixture {
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
  @DisplayName("SES-6: archived sessions are left out, alone, or among all")
  void visibility() {
    create("a", "b", "c");
    log().archive("b");
    assertThat(ids(ALL)).containsExactly("a", "c");
    assertThat(ids(ALL.withVisibility(Visibility.ARCHIVED))).containsExactly("b");
    assertThat(ids(ALL.withVisibility(Visibility.ALL))).containsExactly("a", "b", "c");
    assertThat(ids(ALL.withVisibility(Visibility.ALL).withLimit(1))).containsExactly("a", "b", "c");
  }

  @Test
  @DisplayName("SES-6: metadata filters match top-level values exactly, as JSON, and all must hold")
  void metadataFilters() {
    createWith("1", "{\"k\":\"v\",\"n\":1}");
    createWith("2", "{\"k\":\"V\",\"n\":1.0}");
    createWith("3", "{\"deep\":{\"k\":\"v\"},\"n\":\"1\"}");
    createWith("4", "{\"k\":null,\"o\":{\"a\":1,\"b\":[2]}}");
    createWith("5", "{}");
    assertThat(ids(ALL.withMetadata("k", "v"))).containsExactly("1");
    assertThat(ids(ALL.withMetadata("n", Json.parse("10e-1")))).containsExactly("1", "2");
    assertThat(ids(ALL.withMetadata("n", "1"))).containsExactly("3");
    assertThat(ids(ALL.withMetadata("k", Json.parse("null")))).containsExactly("4");
    assertThat(ids(ALL.withMetadata("o", Json.parse("{\"b\":[2],\"a\":1}")))).containsExactly("4");
    assertThat(ids(ALL.withMetadata("k", "v").withMetadata("n", Json.parse("1"))))
        .containsExactly("1");
    assertThat(ids(ALL.withMetadata("k", "v").withMetadata("n", "1"))).isEmpty();
  }

  @Test
  @DisplayName("SES-6: a page holds 100 by default, up to 1,000, and after is exclusive")
  void limits() throws Exception {
    AtOnce.run(
        8,
        thread -> {
          for (int i = thread; i < 1_001; i += 8) {
            create("s%04d".formatted(i));
          }
          return null;
        });
    SessionPage page = log().list(ALL);
    assertThat(page.sessions()).hasSize(100);
    assertThat(page.sessions().get(99).id()).isEqualTo("s0099");
    assertThat(log().list(ALL.withAfter(page.next().orElseThrow())).sessions().get(0).id())
        .isEqualTo("s0100");
    assertThat(pages(ALL.withLimit(1_000))).extracting(List::size).containsExactly(1_000, 1);
    SessionPage last = log().list(ALL.withAfter("s0999").withLimit(1));
    assertThat(last.sessions()).extracting(SessionPage.Row::id).containsExactly("s1000");
    assertThat(last.next()).isEmpty();
  }

  @Test
  @DisplayName("SES-6: a listing shows sessions as they are, but no last_seq")
  void listsSessions() {
    createWith("s", "{\"a\":1}");
    log().append("s", event("one"));
    SessionPage.Row listed = log().list(ALL).sessions().get(0);
    assertThat(listed.toJson().members()).doesNotContainKey("last_seq");
    Session read = log().get("s");
    assertThat(listed.incarnation()).isEqualTo(read.incarnation());
    assertThat(listed.metadata()).isEqualTo(read.metadata());
    assertThat(listed.version()).isEqualTo(read.version());
    assertThat(listed.createdAt()).isEqualTo(read.createdAt());
  }
}
