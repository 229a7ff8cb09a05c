package ai.starcite.examples.cli;

import ai.starcite.examples.cli.console.Output;
import ai.starcite.examples.cli.console.Shell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the command did, run within this process. */
record Run(int exitCode, String out, String err) {

  List<String> lines() {
    return out.lines().toList();
  }

  /** Surroundings of runs: the environment, the input, and which streams are terminals. */
  static final class Surroundings {
    private final Map<String, String> environment = new LinkedHashMap<>();
    private byte[] input = {};
    private boolean inIsTerminal;
    private boolean outIsTerminal;
    private boolean errIsTerminal;

    Surroundings(Path home) {
      environment.put("STARCITE_HOME", home.toString());
    }

    Surroundings with(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    Surroundings input(String text) {
      input = text.getBytes(StandardCharsets.UTF_8);
      return this;
    }

    Surroundings terminals(boolean in, boolean out, boolean err) {
      inIsTerminal = in;
      outIsTerminal = out;
      errIsTerminal = err;
      return this;
    }

    Run run(String... args) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Shell shell =
          new Shell(
              new ByteArrayInputStream(input),
              new Output(out),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              environment,
              inIsTerminal,
              outIsTerminal,
              errIsTerminal);
      int exitCode = Starcite.run(shell, args);
      return new Run(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
  }
}
