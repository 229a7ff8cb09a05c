package ai.starcite.examples.cli;

import ai.starcite.Json;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.SessionQuery.Visibility;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.text.EventLines;
import ai.starcite.examples.cli.text.SessionText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = {
      "Lists sessions in the order of their ids, all of them unless told otherwise.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = "  starcite sessions list --where tenant_id=acme --archived all")
final class ListCommand extends BackendCommand {
  private static final int PAGE = 1_000;

  @Option(names = "--limit", paramLabel = "N", description = "So many at the most.")
  private Long limit;

  @Option(names = "--after", paramLabel = "ID", description = "Only ids after this one.")
  private String after;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Only ids that begin with this.",
      defaultValue = "")
  private String prefix;

  @Option(
      names = "--archived",
      paramLabel = "WHICH",
      description = "false, true or all. By default ${DEFAULT-VALUE}.",
      defaultValue = "false")
  private String archived;

  @Option(
      names = "--where",
      paramLabel = "KEY=TEXT",
      description = "Only sessions whose metadata has this text at this key. Can be repeated.")
  private Map<String, String> where = new LinkedHashMap<>();

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  private SessionQuery query = SessionQuery.active();

  @Override
  void check() {
    if (limit != null && limit < 1) {
      throw CommandException.usage("--limit must be at least 1, this is " + limit);
    }
    Visibility visibility =
        switch (archived) {
          case "false" -> Visibility.ACTIVE;
          case "true" -> Visibility.ARCHIVED;
          case "all" -> Visibility.ALL;
          default ->
              throw CommandException.usage(
                  "--archived must be false, true or all, this is " + archived);
        };
    query = query.withPrefix(prefix).withVisibility(visibility).withLimit(PAGE);
    query = after == null ? query : query.withAfter(after);
    for (Map.Entry<String, String> condition : where.entrySet()) {
      query = query.withMetadata(condition.getKey(), Json.encode(condition.getValue()));
    }
  }

  @Override
  void run(Backend backend) {
    long left = limit == null ? Long.MAX_VALUE : limit;
    Optional<String> next = Optional.of("");
    while (left > 0 && next.isPresent()) {
      SessionPage page = backend.list(query.withLimit((int) Math.min(PAGE, left)));
      for (SessionPage.Row session : page.sessions()) {
        if (json) {
          shell().out().line(EventLines.onOneLine(session.toJson()));
        } else {
          shell().out().line(SessionText.line(session));
        }
      }
      left -= page.sessions().size();
      next = page.next();
      query = next.isPresent() ? query.withAfter(next.get()) : query;
    }
  }
}
