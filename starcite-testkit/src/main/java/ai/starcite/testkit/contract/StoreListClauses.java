package ai.starcite.testkit.contract;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.ListRequest;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise SPI-5: listing visits every session once, in one order. */
public abstract class StoreListClauses extends SpiFixture {
  /** Far more than there are ids, or keys of theirs. */
  private static final int MOST_PAGES = 10_000;

  private static final List<String> PREFIXES = List.of("a", "a/", "\uD83D\uDE00", "\uFFFD", "zzz");

  private void createAll() {
    StoreData.HOSTILE_IDS.forEach(id -> await(store.create(StoreData.record(StoreData.key(id)))));
  }

  private List<String> ids(String prefix, int limit) {
    List<String> ids = new ArrayList<>();
    Optional<String> after = Optional.empty();
    int pages = 0;
    do {
      assertThat(pages++)
          .as(
              "pages of %d so far, with %d ids; a page may be empty, but the listing has to end",
              limit, ids.size())
          .isLessThanOrEqualTo(MOST_PAGES);
      RecordPage page = await(store.list(new ListRequest(prefix, after, limit)));
      assertThat(page.records()).as("a page of %d", limit).hasSizeLessThanOrEqualTo(limit);
      page.records().forEach(each -> ids.add(each.key().id()));
      assertThat(ids)
          .as("visited so far, prefix '%s', pages of %d", prefix, limit)
          .doesNotHaveDuplicates();
      if (page.next().isPresent()) {
        assertThat(page.next()).as("the cursor of the next page").isNotEqualTo(after);
      }
      after = page.next();
    } while (after.isPresent());
    return ids;
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  @DisplayName("SES-6, SPI-5: list visits every session once, in the same order for every limit")
  void everySessionOnce(Then then) {
    createAll();
    List<String> order = ids("", 1_000);
    assertThat(order).containsExactlyInAnyOrderElementsOf(StoreData.HOSTILE_IDS);
    let(then);
    for (int limit = 1; limit <= order.size() + 1; limit++) {
      assertThat(ids("", limit)).as("in pages of %d", limit).isEqualTo(order);
    }
  }

  @Test
  @DisplayName("SES-6, SPI-5: list with a prefix returns the ids that begin with it, and no others")
  void prefix() {
    createAll();
    List<String> order = ids("", 1_000);
    for (String prefix : PREFIXES) {
      List<String> expected = order.stream().filter(id -> id.startsWith(prefix)).toList();
      for (int limit = 1; limit <= expected.size() + 1; limit++) {
        assertThat(ids(prefix, limit)).as("prefix '%s'", prefix).isEqualTo(expected);
      }
    }
  }

  @Test
  @DisplayName("SES-6, SPI-5: list continues after any id, also a deleted one")
  void afterAnyId() {
    createAll();
    List<String> order = ids("", 1_000);
    for (int i = 0; i < order.size(); i++) {
      ListRequest request = new ListRequest("", Optional.of(order.get(i)), 1_000);
      assertThat(await(store.list(request)).records())
          .as("after '%s'", order.get(i))
          .extracting(each -> each.key().id())
          .isEqualTo(order.subList(i + 1, order.size()));
    }
    String removed = order.get(3);
    await(store.delete(StoreData.key(removed)));
    assertThat(await(store.list(new ListRequest("", Optional.of(removed), 1_000))).records())
        .as("after '%s', which was deleted", removed)
        .extracting(each -> each.key().id())
        .isEqualTo(order.subList(4, order.size()));
  }

  @Test
  @DisplayName("SPI-5: list returns records as they are now")
  void current() {
    create();
    SessionRecord second = StoreData.retitled(record, "second");
    await(store.update(second, 1));
    assertThat(await(store.list(new ListRequest("", Optional.empty(), 10))).records())
        .containsExactly(second);
  }

  @Test
  @DisplayName("SPI-5: an empty store lists nothing")
  void empty() {
    assertThat(await(store.list(new ListRequest("", Optional.empty(), 10))))
        .isEqualTo(new RecordPage(List.of(), Optional.empty()));
  }
}
