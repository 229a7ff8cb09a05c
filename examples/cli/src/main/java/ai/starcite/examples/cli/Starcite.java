package ai.starcite.examples.cli;

import ai.starcite.SessionLogException;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.backend.DirectoryBackend;
import ai.starcite.examples.cli.backend.Gateway;
import ai.starcite.examples.cli.backend.UrlBackend;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import ai.starcite.examples.cli.console.Output;
import ai.starcite.examples.cli.console.Shell;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code starcite} command. */
@Command(
    name = "starcite",
    synopsisSubcommandLabel = "COMMAND",
    description = "Appends to, and reads, the session logs of a directory or of a gateway.%n",
    mixinStandardHelpOptions = true,
    versionProvider = Starcite.Version.class,
    subcommands = {
      CreateCommand.class,
      AppendCommand.class,
      TailCommand.class,
      SessionsCommand.class,
      ShowCommand.class,
      SealCommand.class,
      ArchiveCommand.class,
      UnarchiveCommand.class,
      DeleteCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      VerifyCommand.class,
      BenchCommand.class,
      GenerateCompletion.class,
      HelpCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  export STARCITE_URL=http://127.0.0.1:4000",
      "  id=$(starcite create --title \"Draft contract\")",
      "  starcite append \"$id\" --agent drafter --text \"Drafting clause 4.2\"",
      "  starcite tail \"$id\" --agent drafter"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed for another reason, which the message says",
      "2:wrong usage, or invalid input",
      "3:no such session",
      "4:a conflict: the session exists or is sealed, or a seq, number or cursor does not fit",
      "5:damage was found",
      "6:the outcome is unknown: run the same command again",
      "7:the store or the gateway cannot be reached now",
      "8:the token is missing, has expired or does not allow it",
      "130:ended by Ctrl-C",
      "141:the reader of the output has gone away"
    })
final class Starcite implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The sessions of this directory. By default $STARCITE_DATA.")
  private String data;

  @Option(
      names = "--url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "The sessions of the gateway at this address. By default $STARCITE_URL.")
  private String url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      scope = ScopeType.INHERIT,
      description = "What the gateway is shown. By default $STARCITE_TOKEN.")
  private String token;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      scope = ScopeType.INHERIT,
      description = "How long an append is tried. By default ${DEFAULT-VALUE}.")
  private int timeout;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Shows where in the program an error comes from. As STARCITE_DEBUG=1 does.")
  private boolean verbose;

  private final Shell shell;

  Starcite(Shell shell) {
    this.shell = shell;
  }

  /** Runs the command and ends this JVM with the exit code. */
  public static void main(String[] args) {
    // What a library has to say is in the exception that the command reports.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
    System.exit(run(Shell.ofProcess(), args));
  }

  static int run(Shell shell, String... args) {
    Starcite starcite = new Starcite(shell);
    CommandLine line = commandLine(starcite);
    int exitCode = line.execute(args);
    try {
      shell.out().flush();
      return exitCode;
    } catch (Output.ClosedPipeException e) {
      return ExitCode.CLOSED_PIPE;
    } catch (CommandException e) {
      shell.note(e.getMessage());
      return e.exitCode();
    }
  }

  static CommandLine commandLine(Starcite starcite) {
    Shell shell = starcite.shell;
    CommandLine line = new CommandLine(starcite);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(shell.colours() ? Ansi.ON : Ansi.OFF));
    line.setOut(shell.out().writer());
    line.setErr(new PrintWriter(shell.err(), true));
    line.setExecutionExceptionHandler((e, failed, parsed) -> starcite.failed(e));
    line.setParameterExceptionHandler((e, given) -> starcite.misused(e));
    example(line, "generate-completion", "source <(starcite generate-completion)");
    example(line, "help", "starcite help append");
    line.setAbbreviatedOptionsAllowed(false);
    return line;
  }

  private static void example(CommandLine line, String command, String example) {
    line.getSubcommands()
        .get(command)
        .getCommandSpec()
        .usageMessage()
        .footerHeading("%nExample:%n")
        .footer("  " + example);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private int misused(ParameterException e) {
    shell.note(
        e.getMessage()
            + "; see "
            + e.getCommandLine().getCommandSpec().qualifiedName()
            + " --help");
    trace(e);
    return ExitCode.USAGE;
  }

  private int failed(Exception e) {
    if (e instanceof Output.ClosedPipeException) {
      return ExitCode.CLOSED_PIPE;
    }
    try {
      shell.out().flush();
    } catch (Output.ClosedPipeException closed) {
      return ExitCode.CLOSED_PIPE;
    }
    trace(e);
    if (e instanceof CommandException failure) {
      shell.note(failure.getMessage());
      return failure.exitCode();
    } else if (e instanceof SessionLogException failure) {
      boolean unknown = failure.code() == SessionLogException.Code.OUTCOME_UNKNOWN;
      shell.note(failure.getMessage() + (unknown ? "; run the same command again" : ""));
      return ExitCode.of(failure);
    }
    shell.note("failed unexpectedly: " + e + "; --verbose shows where");
    return ExitCode.FAILED;
  }

  private void trace(Exception e) {
    if (verbose || shell.variable("STARCITE_DEBUG") != null) {
      e.printStackTrace(shell.err());
    }
  }

  Shell shell() {
    return shell;
  }

  /** Opens what the options or the environment name. */
  Backend open(Creates creates) {
    if (timeout < 1) {
      throw CommandException.usage("--timeout must be at least 1, this is " + timeout);
    }
    if (data != null && url != null) {
      throw CommandException.usage("--data and --url exclude each other");
    }
    if (url == null && (data != null || shell.variable("STARCITE_DATA") != null)) {
      if (data == null && shell.variable("STARCITE_URL") != null) {
        throw CommandException.usage(
            "STARCITE_DATA and STARCITE_URL are both set: say which by --data or --url");
      }
      return DirectoryBackend.open(directory(), creates == Creates.SESSIONS);
    }
    String address = url == null ? shell.variable("STARCITE_URL") : url;
    if (address == null) {
      throw CommandException.usage(
          "where are the sessions? Give --data DIR or --url URL, or set STARCITE_DATA or"
              + " STARCITE_URL");
    }
    String shown = token == null ? shell.variable("STARCITE_TOKEN") : token;
    return new UrlBackend(new Gateway(address, shown), Duration.ofSeconds(timeout), shell::note);
  }

  /** The directory, for a command that works on nothing else. */
  Path directory() {
    String directory = data == null ? shell.variable("STARCITE_DATA") : data;
    if (directory == null || url != null) {
      throw CommandException.usage("this works on a directory only: give --data DIR");
    }
    try {
      return Path.of(directory);
    } catch (InvalidPathException e) {
      throw CommandException.usage("no path of a directory: " + e.getMessage());
    }
  }

  /** Whether a command writes sessions where there may be no store yet. */
  enum Creates {
    SESSIONS,
    NOTHING
  }

  /** The version that is in the manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Starcite.class.getPackage().getImplementationVersion();
      return new String[] {"starcite " + (version == null ? "(development)" : version)};
    }
  }
}
