package ai.starcite.examples.cli;

import ai.starcite.examples.cli.backend.DirectoryBackend;
import ai.starcite.examples.cli.console.ExitCode;
import ai.starcite.examples.cli.console.Printable;
import ai.starcite.examples.cli.console.Progress;
import ai.starcite.examples.cli.console.Shell;
import ai.starcite.examples.cli.transfer.Verification;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    description = {
      "Reads all that a directory has and checks it.",
      "Every session, every checksum, every seq. Prints what is damaged, and ends with exit code 5"
          + " if something is.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  starcite --data sessions verify")
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  private boolean help;

  @Override
  public Integer call() {
    Starcite starcite = (Starcite) spec.root().userObject();
    Shell shell = starcite.shell();
    Progress progress = new Progress(shell, "events");
    try (RocksDbSegmentStore store = DirectoryBackend.openStore(starcite.directory(), false)) {
      Verification verification =
          new Verification(
              store,
              damage -> {
                progress.clear();
                shell.out().line(Printable.line(damage));
              },
              progress::at);
      verification.run();
      progress.clear();
      shell
          .out()
          .line(
              "sessions=%d events=%d damaged=%d"
                  .formatted(
                      verification.sessions(), verification.events(), verification.damaged()));
      return verification.damaged() == 0 ? ExitCode.OK : ExitCode.DAMAGED;
    }
  }
}
