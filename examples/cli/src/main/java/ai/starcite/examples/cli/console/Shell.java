package ai.starcite.examples.cli.console;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What surrounds a run of the command: its streams, the environment, and which streams are
 * terminals.
 */
public record Shell(
    InputStream in,
    Output out,
    PrintStream err,
    Map<String, String> environment,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  /** The shell that this process was started from. */
  public static Shell ofProcess() {
    return new Shell(
        new FileInputStream(FileDescriptor.in),
        new Output(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16)),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getenv(),
        isTerminal(0),
        isTerminal(1),
        isTerminal(2));
  }

  /** Java tells only whether input and output both are one, so ask the system where it answers. */
  private static boolean isTerminal(int descriptor) {
    String launcher = System.getenv("STARCITE_TERMINALS");
    if (launcher != null) {
      return launcher.indexOf('0' + descriptor) >= 0;
    }
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }

  public String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  public boolean colours() {
    return outIsTerminal && variable("NO_COLOR") == null && !"dumb".equals(variable("TERM"));
  }

  public void note(String message) {
    err.println("starcite: " + Printable.line(message));
  }
}
