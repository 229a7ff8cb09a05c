package ai.starcite.examples.cli;

import ai.starcite.Session;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.text.EventLines;
import ai.starcite.examples.cli.text.SessionText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {"Prints what there is to know of a session but its events.", ""},
    footerHeading = "%nExample:%n",
    footer = "  starcite show ses_demo --json")
final class ShowCommand extends BackendCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  private String id;

  @Option(names = "--json", description = "As one JSON object.")
  private boolean json;

  @Override
  void run(Backend backend) {
    Session session = backend.get(id);
    if (json) {
      shell().out().line(EventLines.onOneLine(session.toJson()));
    } else {
      shell().out().line(SessionText.block(session));
    }
  }
}
