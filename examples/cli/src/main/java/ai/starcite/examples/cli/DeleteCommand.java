package ai.starcite.examples.cli;

import ai.starcite.examples.cli.backend.Backend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = {"Erases a session and its events, without asking.", ""},
    footerHeading = "%nExample:%n",
    footer = "  starcite delete ses_demo")
final class DeleteCommand extends BackendCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  private String id;

  @Override
  void run(Backend backend) {
    backend.delete(id);
  }
}
