package ai.starcite.examples.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Standard output: a write that fails ends the command, quietly if the reader has gone away. */
public final class Output {
  private final OutputStream stream;

  public Output(OutputStream stream) {
    this.stream = stream;
  }

  public void line(String text) {
    line(text.getBytes(StandardCharsets.UTF_8));
  }

  public void line(byte[] utf8) {
    try {
      stream.write(utf8);
      stream.write('\n');
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** For what writes text by itself, such as the help. */
  public PrintWriter writer() {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  public void flush() {
    try {
      stream.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static RuntimeException failed(IOException e) {
    String reason = String.valueOf(e.getMessage());
    return reason.contains("Broken pipe") || reason.contains("pipe is being closed")
        ? new ClosedPipeException(e)
        : new CommandException(ExitCode.FAILED, "cannot write the output: " + reason, e);
  }

  /** The reader of the output is gone, as {@code head} is after its lines. */
  public static final class ClosedPipeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClosedPipeException(IOException cause) {
      super(cause);
    }
  }
}
