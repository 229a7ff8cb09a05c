package ai.starcite.examples.cli.text;

import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads lines of bytes, and knows whether the next one is there already. */
public final class LineReader {
  private static final int LONGEST = 32 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private long number;

  public LineReader(InputStream in) {
    this.in = in;
  }

  /** The number of the line that was read last, from 1 on. */
  public long number() {
    return number;
  }

  /** Whether a whole line can be had without waiting for more input. */
  public boolean isReady() {
    for (int i = position; i < limit; i++) {
      if (buffer[i] == '\n') {
        return true;
      }
    }
    return false;
  }

  /** The next line without its end, or null after the last one. Blank lines are skipped. */
  public byte[] next() {
    while (true) {
      byte[] line = line();
      if (line == null || !isBlank(line)) {
        return line;
      }
    }
  }

  private byte[] line() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean any = false;
    while (position < limit || fill()) {
      any = true;
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      line.write(buffer, position, end - position);
      position = Math.min(end + 1, limit);
      if (end < limit) {
        break;
      }
      if (line.size() > LONGEST) {
        throw CommandException.usage(
            "line " + (number + 1) + " is longer than " + LONGEST + " bytes");
      }
    }
    if (!any) {
      return null;
    }
    number++;
    return line.toByteArray();
  }

  private boolean fill() {
    try {
      limit = in.read(buffer);
      position = 0;
      return limit > 0;
    } catch (IOException e) {
      limit = 0;
      throw new CommandException(ExitCode.FAILED, "cannot read the input: " + e.getMessage(), e);
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
