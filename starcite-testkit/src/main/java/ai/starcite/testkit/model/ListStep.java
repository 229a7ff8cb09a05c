package ai.starcite.testkit.model;

import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.SessionQuery.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists sessions page by page, from some place on. */
final class ListStep implements Step {
  private static final SessionQuery EVERYTHING =
      SessionQuery.active().withVisibility(Visibility.ALL).withLimit(1_000);

  private final SessionQuery query;

  /** The store's order, as a listing of everything has it. */
  private List<String> order = List.of();

  ListStep(SessionQuery query) {
    this.query = query;
  }

  @Override
  public String clause(Outcome expected) {
    return "SES-6";
  }

  @Override
  public Object call(LiveLog live) {
    order = live.log().list(EVERYTHING).sessions().stream().map(SessionPage.Row::id).toList();
    List<List<SessionView>> pages = new ArrayList<>();
    Optional<String> after = query.after();
    do {
      SessionPage page = live.log().list(after.map(query::withAfter).orElse(query));
      pages.add(page.sessions().stream().map(live::view).toList());
      after = page.next();
    } while (after.isPresent() && pages.size() <= order.size() + 1);
    if (pages.size() > 1 && pages.get(pages.size() - 1).isEmpty()) {
      // A page may end with the last session and still name a next one.
      pages.remove(pages.size() - 1);
    }
    return pages;
  }

  @Override
  public Object expect(LogModel model, LiveLog live) {
    if (!order.stream().sorted().toList().equals(List.copyOf(model.sessions().keySet()))) {
      return "in some order: " + model.sessions().keySet();
    }
    List<SessionView> found =
        order.subList(query.after().map(order::indexOf).orElse(-1) + 1, order.size()).stream()
            .filter(id -> id.startsWith(query.prefix()))
            .map(model.sessions()::get)
            .filter(this::isWanted)
            .map(session -> session.view().listed())
            .toList();
    int pages = Math.max(1, (found.size() + query.limit() - 1) / query.limit());
    return Stream.iterate(0, page -> page < pages, page -> page + 1)
        .map(
            page ->
                found.subList(
                    page * query.limit(), Math.min(found.size(), (page + 1) * query.limit())))
        .toList();
  }

  private boolean isWanted(SessionModel session) {
    return switch (query.visibility()) {
          case ALL -> true;
          case ACTIVE -> !session.isArchived();
          case ARCHIVED -> session.isArchived();
        }
        && session.has(query.metadata());
  }

  @Override
  public String code(LiveLog live, boolean returned) {
    String all = JavaCode.query(query);
    String first =
        query.after().map(id -> all + ".withAfter(%s)".formatted(live.code(id))).orElse(all);
    return "for (Optional<SessionPage> page = Optional.of(log.list(%s)); page.isPresent(); page = page.get().next().map(next -> log.list(%s.withAfter(next)))) {}"
        .formatted(first, all);
  }
}
