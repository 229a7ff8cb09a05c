package ai.starcite.examples.support;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What the program did with some arguments. */
record QuickstartRun(int exitCode, String out, String err) {

  static QuickstartRun with(Path directory, String... args) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Arguments.run(List.of(args), directory, QuickstartRun::noDemo, stream(out), stream(err));
    return new QuickstartRun(exitCode, text(out), text(err));
  }

  private static int noDemo(Path directory, PrintStream out) {
    throw new AssertionError("the arguments were for something else");
  }

  static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
