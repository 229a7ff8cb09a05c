package ai.starcite.examples.cli;

import ai.starcite.Event;
import ai.starcite.TailOptions;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.backend.EventStream;
import ai.starcite.examples.cli.text.EventLines;
import ai.starcite.examples.cli.text.EventText;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "tail",
    description = {
      "Prints the events of a session as they come.",
      "Goes on until the session is sealed, or Ctrl-C. After a broken connection it resumes by"
          + " itself. In a directory it ends at the last event, since nobody else can write there"
          + " meanwhile.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  starcite tail ses_demo --agent drafter --cursor 17")
final class TailCommand extends BackendCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  private String id;

  @Option(
      names = "--cursor",
      paramLabel = "SEQ",
      defaultValue = "0",
      description = "The last seq that is not wanted. By default ${DEFAULT-VALUE}: from the start.")
  private long cursor;

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      description = "Only this agent. Can be repeated for more.")
  private List<String> agents = List.of();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only events of this type. Can be repeated for more.")
  private List<String> types = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "Ends after so many events.")
  private Long limit;

  @Option(names = "--no-follow", description = "Ends at the last event that there is now.")
  private boolean noFollow;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  private TailOptions options;

  @Override
  void check() {
    options =
        TailOptions.from(cursor)
            .withAgents(agents.toArray(String[]::new))
            .withTypes(types.toArray(String[]::new));
    options = limit == null ? options : options.withLimit(limit);
    options = noFollow ? options.withoutFollowing() : options;
  }

  @Override
  void run(Backend backend) {
    EventText text = new EventText(shell().colours());
    try (EventStream events = backend.tail(id, options)) {
      while (hasNext(events)) {
        Event event = events.next();
        if (json) {
          shell().out().line(EventLines.onOneLine(event.toJson()));
        } else {
          shell().out().line(text.of(event));
        }
      }
    }
  }

  /** What was printed is seen before this waits for more. */
  private boolean hasNext(EventStream events) {
    if (!events.isReady()) {
      shell().out().flush();
    }
    return events.hasNext();
  }
}
