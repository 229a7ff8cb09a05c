package ai.starcite.examples.gateway.tails;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.examples.gateway.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/** A tail on a WebSocket. */
final class WebSocketTail extends TailFeed {
  private static final int COMPLETE = 1000;
  private static final int GOING_AWAY = 1001;
  private static final int FAULT = 1011;
  private static final int TOKEN_EXPIRED = 4001;
  private static final int DELETED = 4404;
  private static final int CURSOR_AHEAD = 4409;
  private static final int CURSOR_EXPIRED = 4410;

  private final Session socket;
  private final TailRequest request;
  private final long committedCursor;
  private final boolean inArrays;

  /** A tail that is yet to be subscribed; the session's last seq was this when it was opened. */
  WebSocketTail(Session socket, TailRequest request, long committedCursor) {
    super(request.batchSize());
    this.socket = socket;
    this.request = request;
    this.committedCursor = committedCursor;
    this.inArrays = request.batchSize() > 1;
  }

  @Override
  boolean send(List<Event> events) {
    String frame =
        inArrays
            ? new String(Frame.array(events), StandardCharsets.UTF_8)
            : events.get(0).toJson().toString();
    socket.sendText(frame, Callback.from(this::sent, failure -> close()));
    return false;
  }

  void ping() {
    if (!isClosed()) {
      socket.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }
  }

  void shutDown() {
    end(GOING_AWAY, "shutting_down");
  }

  void expire() {
    end(TOKEN_EXPIRED, "token_expired");
  }

  private void end(int code, String reason) {
    close();
    socket.close(code, reason, Callback.NOOP);
  }

  @Override
  void finish(@Nullable Throwable cause) {
    if (cause == null) {
      end(COMPLETE, "complete");
      return;
    }
    SessionLogException.Code code =
        cause instanceof SessionLogException e
            ? e.code()
            : SessionLogException.Code.STORE_UNAVAILABLE;
    switch (code) {
      case CURSOR_AHEAD -> gap(CURSOR_AHEAD, (SessionLogException) cause);
      case CURSOR_EXPIRED -> gap(CURSOR_EXPIRED, (SessionLogException) cause);
      case SESSION_NOT_FOUND -> end(DELETED, "session_not_found");
      case CLOSED -> shutDown();
      default -> end(FAULT, Problem.from(cause).name());
    }
  }

  /** Tells where reading is possible before it ends the connection. */
  private void gap(int closeCode, SessionLogException cause) {
    Problem problem = Problem.from(cause);
    long earliest = cause.earliestCursor().orElse(0);
    Map<String, Object> gap = new LinkedHashMap<>();
    gap.put("type", "gap");
    gap.put("reason", problem.name());
    gap.put("from_cursor", request.cursor());
    gap.put("next_cursor", cause.currentSeq().orElse(earliest));
    gap.put("earliest_available_cursor", earliest);
    gap.put("committed_cursor", cause.currentSeq().orElse(committedCursor));
    socket.sendText(
        Json.encode(gap).toString(),
        Callback.from(() -> end(closeCode, problem.name()), failure -> close()));
  }
}
