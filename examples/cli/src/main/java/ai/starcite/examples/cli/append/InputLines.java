package ai.starcite.examples.cli.append;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.text.LineReader;
import java.io.InputStream;

/** Events from a stream of JSON lines, numbered if there is a producer to number them for. */
public final class InputLines {
  private final LineReader lines;
  private final String producerId;
  private long nextSeq;

  public InputLines(InputStream in, String producerId, Long firstSeq) {
    this.lines = new LineReader(in);
    this.producerId = producerId;
    this.nextSeq = firstSeq == null ? 1 : firstSeq;
  }

  public boolean isReady() {
    return lines.isReady();
  }

  /** The next event, or null at the end. */
  public Request next() {
    byte[] line = lines.next();
    if (line == null) {
      return null;
    }
    try {
      Request request = Request.fromLine(Json.parse(line));
      if (producerId == null) {
        return request;
      }
      return new Request(
          request.event().withProducer(producerId, nextSeq++), request.expectedSeq());
    } catch (SessionLogException e) {
      throw CommandException.usage("line " + lines.number() + ": " + e.getMessage());
    }
  }

  /** A failure with what came before it. */
  public RuntimeException located(RuntimeException failure, long stored) {
    String message = "after " + stored + " events: " + failure.getMessage();
    return failure instanceof SessionLogException e
        ? new SessionLogException(e.code(), message, e)
        : new CommandException(((CommandException) failure).exitCode(), message, failure);
  }
}
