package ai.starcite.examples.cli;

import ai.starcite.NewSession;
import ai.starcite.examples.cli.Starcite.Creates;
import ai.starcite.examples.cli.backend.Backend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "create",
    description = {"Creates a session and prints its id.", ""},
    footerHeading = "%nExample:%n",
    footer = "  starcite create --title \"Draft contract\" --metadata '{\"tenant_id\":\"acme\"}'")
final class CreateCommand extends BackendCommand {
  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Its id, 1 to 256 bytes. By default one is made.")
  private String id;

  @Option(names = "--title", paramLabel = "TEXT", description = "Its title.")
  private String title;

  @Option(names = "--metadata", paramLabel = "JSON", description = "Its metadata, an object.")
  private String metadata;

  private NewSession session = NewSession.defaults();

  @Override
  void check() {
    session = id == null ? session : session.withId(id);
    session = title == null ? session : session.withTitle(title);
    session = metadata == null ? session : session.withMetadata(json("--metadata", metadata));
  }

  @Override
  Creates creates() {
    return Creates.SESSIONS;
  }

  @Override
  void run(Backend backend) {
    shell().out().line(backend.create(session).id());
  }
}
