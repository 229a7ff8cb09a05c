package ai.starcite.examples.cli;

import ai.starcite.examples.cli.backend.Backend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "unarchive",
    description = {"Shows a session in plain listings again.", ""},
    footerHeading = "%nExample:%n",
    footer = "  starcite unarchive ses_demo")
final class UnarchiveCommand extends BackendCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  private String id;

  @Override
  void run(Backend backend) {
    backend.unarchive(id);
  }
}
