package ai.starcite.internal.events;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.internal.segment.SegmentWriter;
import ai.starcite.spi.SessionKey;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The bound on the pages that tails share. No store: these pages are added, never loaded. */
class PageCacheTest {
  private static final SessionKey KEY = new SessionKey("s", "AAECAwQFBgcICQoLDA0ODw");
  private static final long MAX = 100_000;

  private final PageCache cache = new PageCache(MAX);
  private final EventPages pages = new EventPages(KEY, null, cache, (id, bytes, took) -> {});
  private final EventPages others = new EventPages(KEY, null, cache, (id, bytes, took) -> {});

  /** A page of one event. */
  private static Page page(long seq, int payload) {
    SegmentWriter writer = new SegmentWriter(KEY);
    writer.add(NewEvent.of("c", Json.encode(Map.of("t", "x".repeat(payload)))), 0, false);
    return Page.of(writer.finish(seq, new UUID(1, seq), new UUID(0, 0)));
  }

  private long held(EventPages of, long most, LongPredicate counts) {
    return LongStream.rangeClosed(1, most)
        .filter(counts)
        .filter(seq -> of.cached(seq) != null)
        .map(seq -> of.cached(seq).weight())
        .sum();
  }

  @Test
  @DisplayName("TAIL-3: pages take no more memory than they may, however many are added")
  void bounded() {
    for (long seq = 1; seq <= 1_000; seq++) {
      pages.add(page(seq, 1_000));
    }
    assertThat(held(pages, 1_000, seq -> true)).isBetween(MAX / 2, MAX);
    assertThat(pages.cached(1_000)).isNotNull();
    assertThat(pages.cached(1)).isNull();
  }

  @Test
  @DisplayName("TAIL-3: the bound is for all sessions together")
  void bounded_allSessions() {
    for (long seq = 1; seq <= 200; seq++) {
      pages.add(page(seq, 1_000));
      others.add(page(seq, 1_000));
    }
    long held = held(pages, 200, seq -> true) + held(others, 200, seq -> true);
    assertThat(held).isBetween(MAX / 2, MAX);
  }

  @Test
  @DisplayName("TAIL-3: a page that is in use stays longer than one that is not")
  void secondChance() {
    pages.add(page(1, 1_000));
    pages.add(page(2, 1_000));
    for (long seq = 3; seq <= 300; seq++) {
      assertThat(pages.cached(1)).as("used again and again, before page %d", seq).isNotNull();
      pages.add(page(seq, 1_000));
    }
    assertThat(pages.cached(2)).isNull();
  }

  @Test
  @DisplayName(
      "TAIL-3: a page that has just come stays for its readers, however used the others are")
  void newest() {
    for (long seq = 1; seq <= 200; seq++) {
      pages.add(page(seq, 1_000));
      assertThat(pages.cached(seq)).as("page %d", seq).isNotNull();
      // All that is held is in use.
      assertThat(held(pages, seq, each -> true)).isLessThanOrEqualTo(MAX);
    }
  }

  @Test
  @DisplayName("TAIL-3: a page larger than the whole cache is not kept")
  void tooLarge() {
    pages.add(page(1, 1_000));
    pages.add(page(2, 200_000));

    assertThat(pages.cached(2)).isNull();
    pages.add(page(3, 1_000));
    assertThat(pages.cached(3)).isNotNull();
  }

  @Test
  @DisplayName("TAIL-3: a page that is added again counts once")
  void addedAgain() {
    for (int i = 0; i < 500; i++) {
      pages.add(page(1, 1_000));
    }
    for (long seq = 2; seq <= 20; seq++) {
      pages.add(page(seq, 1_000));
    }
    assertThat(held(pages, 20, seq -> seq > 1)).isGreaterThan(MAX / 3);
  }

  @Test
  @DisplayName("TAIL-3: a session that lets go of its pages makes room for others")
  void cleared() {
    for (long seq = 1; seq <= 30; seq++) {
      pages.add(page(seq, 1_000));
    }
    pages.clear();
    for (long seq = 1; seq <= 30; seq++) {
      others.add(page(seq, 1_000));
    }
    assertThat(held(pages, 30, seq -> true)).isZero();
    assertThat(held(others, 30, seq -> true)).isGreaterThan(MAX / 2);
    pages.add(page(31, 10));
    assertThat(pages.cached(31)).isNotNull();
  }
}
