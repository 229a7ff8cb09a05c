package ai.starcite.examples.cli;

import ai.starcite.examples.cli.backend.Backend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "seal",
    description = {
      "Ends a session for good: it takes no more events, and tails of it complete.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = "  starcite seal ses_demo")
final class SealCommand extends BackendCommand {
  @Parameters(paramLabel = "ID", description = "The session's id.")
  private String id;

  @Override
  void run(Backend backend) {
    backend.seal(id);
  }
}
