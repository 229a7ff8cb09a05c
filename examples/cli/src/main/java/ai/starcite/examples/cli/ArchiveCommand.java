package ai.starcite.examples.cli;

import ai.starcite.examples.cli.backend.Backend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "archive",
    description = {
      "Hides a session from plain listings. It can still be read and appended to.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = "  starcite archive ses_demo")
final class ArchiveCommand extends BackendCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  private String id;

  @Override
  void run(Backend backend) {
    backend.archive(id);
  }
}
