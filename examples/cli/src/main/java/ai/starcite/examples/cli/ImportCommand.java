package ai.starcite.examples.cli;

import ai.starcite.SessionLogException;
import ai.starcite.examples.cli.Starcite.Creates;
import ai.starcite.examples.cli.backend.Backend;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import ai.starcite.examples.cli.console.Progress;
import ai.starcite.examples.cli.text.LineReader;
import ai.starcite.examples.cli.transfer.SessionImport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Makes the sessions of an export, with their events.",
      "If it is interrupted, run it again: it goes on where it ended.%n"
    },
    footerHeading = "%nExample:%n",
    footer = "  starcite --data new import backup.jsonl")
final class ImportCommand extends BackendCommand {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "What export wrote. By default standard input.")
  private String file;

  @Override
  void check() {
    if (file == null && shell().inIsTerminal()) {
      throw CommandException.usage("name a file, or give an export on standard input");
    }
  }

  @Override
  Creates creates() {
    return Creates.SESSIONS;
  }

  @Override
  void run(Backend backend) {
    if (file == null) {
      run(backend, shell().in());
      return;
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      run(backend, in);
    } catch (IOException | InvalidPathException e) {
      throw new CommandException(ExitCode.USAGE, "cannot read " + file + " (" + e + ")", e);
    }
  }

  private void run(Backend backend, InputStream in) {
    LineReader lines = new LineReader(in);
    Progress progress = new Progress(shell(), "events");
    SessionImport sessions = new SessionImport(backend, lines, progress::at);
    try {
      while (sessions.next()) {
        // one session after the other
      }
    } catch (SessionLogException e) {
      progress.clear();
      throw new SessionLogException(
          e.code(), "at line " + lines.number() + ": " + e.getMessage(), e);
    } catch (CommandException e) {
      progress.clear();
      throw new CommandException(
          e.exitCode(), "at line " + lines.number() + ": " + e.getMessage(), e);
    }
    progress.end(sessions.events());
    shell()
        .out()
        .line(
            "sessions=%d events=%d there_already=%d"
                .formatted(sessions.sessions(), sessions.events(), sessions.known()));
  }
}
