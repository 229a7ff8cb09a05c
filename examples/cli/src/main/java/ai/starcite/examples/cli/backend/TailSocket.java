package ai.starcite.examples.cli.backend;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.SessionLogException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a tail, which has an event in each frame. A few signs are asked for ahead, and
 * one more with each that is taken, so that a slow reader holds up the gateway and fills no memory.
 */
final class TailSocket implements WebSocket.Listener {
  static final int COMPLETE = 1000;
  static final int TOKEN_EXPIRED = 4001;
  static final int DELETED = 4404;
  static final int CURSOR_AHEAD = 4409;
  static final int CURSOR_EXPIRED = 4410;

  /** The code that a connection has which ended without one. */
  private static final int ABNORMAL = 1006;

  private static final int AHEAD = 16;

  /** Something that the gateway has sent. */
  sealed interface Sign permits Frame, Ping, Ended {}

  record Frame(Event event) implements Sign {}

  record Ping() implements Sign {}

  /** The end, with what the frame about a gap said, or an empty text. */
  record Ended(int code, String reason, String gap) implements Sign {}

  /** Where reading is possible. */
  private record Gap(long earliestAvailableCursor, long committedCursor) {}

  private final BlockingQueue<Sign> signs = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private volatile WebSocket socket;
  private String gap = "";

  void opened(WebSocket opened) {
    socket = opened;
    opened.request(AHEAD);
  }

  /** The next sign, or null if none comes in time. */
  Sign poll(long timeout, TimeUnit unit) throws InterruptedException {
    Sign sign = signs.poll(timeout, unit);
    if (sign != null) {
      socket.request(1);
    }
    return sign;
  }

  boolean isReady() {
    return !signs.isEmpty();
  }

  void abort() {
    socket.abort();
  }

  /** Nothing is asked for before {@link #opened}. */
  @Override
  public void onOpen(WebSocket opened) {}

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (!last) {
      from.request(1);
      return null;
    }
    String frame = text.toString();
    text.setLength(0);
    try {
      read(from, frame);
    } catch (SessionLogException e) {
      signs.add(new Ended(ABNORMAL, "a frame that is none: " + e.getMessage(), gap));
    }
    return null;
  }

  private void read(WebSocket from, String frame) {
    Json json = Json.parse(frame);
    if (json.members().containsKey("seq")) {
      signs.add(new Frame(Event.fromJson(json)));
      return;
    }
    Gap about = json.as(Gap.class);
    gap =
        "; it can be read from cursor %d to %d"
            .formatted(about.earliestAvailableCursor(), about.committedCursor());
    from.request(1);
  }

  @Override
  public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    signs.add(new Ping());
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    signs.add(new Ended(code, reason.isEmpty() ? "code " + code : reason, gap));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    signs.add(new Ended(ABNORMAL, String.valueOf(error.getMessage()), gap));
  }
}
