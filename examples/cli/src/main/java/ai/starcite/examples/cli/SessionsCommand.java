package ai.starcite.examples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "sessions",
    description = {"Lists sessions.", ""},
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ListCommand.class,
    footerHeading = "%nExample:%n",
    footer = "  starcite sessions list --prefix ses_")
final class SessionsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing, such as list");
  }
}
