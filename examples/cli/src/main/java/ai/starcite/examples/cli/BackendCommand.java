package ai.starcite.examples.cli;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.examples.cli.Starcite.Creates;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import ai.starcite.examples.cli.console.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that works on a directory or a gateway. */
abstract class BackendCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  private boolean help;

  @Override
  public final Integer call() {
    check();
    try (Backend backend = starcite().open(creates())) {
      run(backend);
      shell().out().flush();
      return ExitCode.OK;
    }
  }

  /** Finds what is wrong with the options before anything is opened. */
  void check() {}

  abstract void run(Backend backend);

  Creates creates() {
    return Creates.NOTHING;
  }

  final Starcite starcite() {
    return (Starcite) spec.root().userObject();
  }

  final Shell shell() {
    return starcite().shell();
  }

  /** The JSON that an option has. */
  static Json json(String option, String text) {
    try {
      return Json.parse(text);
    } catch (SessionLogException e) {
      throw CommandException.usage(option + ": " + e.getMessage());
    }
  }
}
