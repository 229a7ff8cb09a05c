package ai.starcite.examples.gateway.tails;

import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.examples.gateway.access.Access;
import ai.starcite.examples.gateway.access.Caller;
import ai.starcite.examples.gateway.access.Scope;
import ai.starcite.examples.gateway.http.GatewayOptions;
import ai.starcite.examples.gateway.http.Problem;
import ai.starcite.examples.gateway.http.Requests;
import ai.starcite.examples.gateway.http.Traffic;
import io.javalin.http.Context;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsConnectContext;
import io.javalin.websocket.WsContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The three faces of a tail, which share an address: a WebSocket, an event stream, a page. */
public final class TailRoute {
  private static final String OPENING = "tail.opening";
  private static final String CONNECTION = "tail.connection";

  private final SessionLog log;
  private final Access access;
  private final GatewayOptions options;
  private final OpenTails tails;
  private final Traffic traffic;
  private final ScheduledExecutorService timer;
  private final TailPage pages;

  public TailRoute(
      SessionLog log,
      Access access,
      GatewayOptions options,
      OpenTails tails,
      Traffic traffic,
      ScheduledExecutorService timer,
      TailPage pages) {
    this.log = log;
    this.access = access;
    this.options = options;
    this.tails = tails;
    this.traffic = traffic;
    this.timer = timer;
    this.pages = pages;
  }

  /**
   * A request whose WebSocket is about to be opened. Until it is, it is under way as requests are,
   * so that the gateway does not stop between the handshake and the tail.
   */
  private record Opening(TailRequest request, Caller caller, long lastSeq, Runnable over) {}

  /** What is to be undone when a connection ends. */
  private record Connection(TailFeed feed, OpenTails.Lease lease, List<Future<?>> tasks) {
    void end() {
      feed.close();
      lease.release();
      tasks.forEach(task -> task.cancel(false));
    }
  }

  public void get(Context ctx, Caller caller) {
    HttpServletRequest http = ctx.req();
    String accept = Optional.ofNullable(http.getHeader("Accept")).orElse("*/*");
    if (wantsWebSocket(http)) {
      throw badUpgrade("a WebSocket handshake needs Sec-WebSocket-Key and Sec-WebSocket-Version");
    }
    Map<String, List<String>> query = Requests.query(ctx);
    if (accept.contains("text/event-stream")) {
      stream(ctx, caller, query);
    } else if (accept.contains("*/*") || accept.contains("application/json")) {
      pages.answer(ctx, caller, request(ctx, caller, query));
    } else {
      throw badUpgrade("ask for a WebSocket, or accept text/event-stream or application/json");
    }
  }

  private static TailRequest request(Context ctx, Caller caller, Map<String, List<String>> query) {
    return TailRequest.of(caller.inner(Requests.sessionId(ctx)), query);
  }

  /** Clients of HTTP/2 ask for another upgrade, and can be answered without it. */
  private static boolean wantsWebSocket(HttpServletRequest http) {
    String upgrade = http.getHeader("Upgrade");
    return upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket");
  }

  private static Problem badUpgrade(String message) {
    return new Problem(400, "invalid_websocket_upgrade", message);
  }

  private void stream(Context ctx, Caller caller, Map<String, List<String>> query) {
    String lastEventId = ctx.req().getHeader("Last-Event-ID");
    if (lastEventId != null && !lastEventId.isEmpty()) {
      // A browser that resumes repeats the cursor that it began with.
      query.put("cursor", List.of(lastEventId));
    }
    TailRequest request = request(ctx, caller, query);
    Session session = session(request);
    long lastSeq = session.lastSeq();
    if (request.cursor() > lastSeq) {
      throw Problem.from(ahead(request, lastSeq));
    }
    if (request.cursor() == lastSeq && (session.sealed() || !request.options().follow())) {
      ctx.status(204);
      return;
    }
    tails.check(caller.key());
    ctx.header("Cache-Control", "no-cache").header("X-Accel-Buffering", "no");
    ctx.contentType("text/event-stream");
    ctx.future(
        () -> {
          try {
            EventStreamTail[] self = new EventStreamTail[1];
            EventStreamTail tail =
                new EventStreamTail(
                    ctx.res().getOutputStream(),
                    () -> log.publisher(request.sessionId(), request.options()).subscribe(self[0]));
            self[0] = tail;
            Connection connection =
                new Connection(tail, tails.open(caller.key(), tail::end), new ArrayList<>());
            connection.tasks.add(every(options.keepAliveInterval, tail::keepAlive));
            caller.expiresAt().ifPresent(at -> connection.tasks.add(at(at, tail::end)));
            ctx.res().getOutputStream().setWriteListener(tail.writeListener());
            return tail.done().whenComplete((done, failure) -> connection.end());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static SessionLogException ahead(TailRequest request, long lastSeq) {
    return new SessionLogException(
            Code.CURSOR_AHEAD,
            "cursor %d lies beyond the last event, %d".formatted(request.cursor(), lastSeq))
        .withCurrentSeq(lastSeq);
  }

  private Session session(TailRequest request) {
    Session session = log.get(request.sessionId());
    if (!request
        .options()
        .incarnation()
        .orElse(session.incarnation())
        .equals(session.incarnation())) {
      throw Problem.sessionNotFound();
    }
    return session;
  }

  /** Refuses what can be refused while it can still be said in HTTP. */
  public void beforeUpgrade(Context ctx) {
    HttpServletRequest http = ctx.req();
    String key = Optional.ofNullable(http.getHeader("Sec-WebSocket-Key")).orElse("");
    if (!http.getMethod().equals("GET")
        || !wantsWebSocket(http)
        || !"13".equals(http.getHeader("Sec-WebSocket-Version"))
        || key.isBlank()) {
      throw badUpgrade(
          "a WebSocket handshake is a GET with Upgrade: websocket, Sec-WebSocket-Key and"
              + " Sec-WebSocket-Version: 13");
    }
    Caller caller = access.require(http, Scope.READ);
    TailRequest request = request(ctx, caller, Requests.query(ctx));
    tails.check(caller.key());
    long lastSeq = session(request).lastSeq();
    ctx.attribute(OPENING, new Opening(request, caller, lastSeq, traffic.enter()));
  }

  public void afterUpgrade(Context ctx) {
    Opening opening = ctx.attribute(OPENING);
    if (opening != null && ctx.res().getStatus() != HttpServletResponse.SC_SWITCHING_PROTOCOLS) {
      opening.over.run();
    }
  }

  public void webSocket(WsConfig socket) {
    socket.onConnect(this::connected);
    socket.onClose(TailRoute::gone);
    socket.onError(TailRoute::gone);
  }

  private void connected(WsConnectContext ctx) {
    Opening opening = ctx.attribute(OPENING);
    WebSocketTail tail = new WebSocketTail(ctx.session, opening.request, opening.lastSeq);
    OpenTails.Lease lease;
    try {
      lease = tails.open(opening.caller.key(), tail::shutDown);
    } catch (Problem e) {
      // Over when the client knows.
      tail.shutDown();
      return;
    }
    opening.over.run();
    List<Future<?>> tasks = new ArrayList<>();
    Connection connection = new Connection(tail, lease, tasks);
    ctx.attribute(CONNECTION, connection);
    tasks.add(every(options.pingInterval, tail::ping));
    opening.caller.expiresAt().ifPresent(at -> tasks.add(at(at, tail::expire)));
    log.publisher(opening.request.sessionId(), opening.request.options()).subscribe(tail);
  }

  private static void gone(WsContext ctx) {
    Opening opening = ctx.attribute(OPENING);
    opening.over.run();
    Connection connection = ctx.attribute(CONNECTION);
    if (connection != null) {
      connection.end();
    }
  }

  private Future<?> every(Duration interval, Runnable task) {
    long millis = interval.toMillis();
    return timer.scheduleAtFixedRate(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  private Future<?> at(Instant time, Runnable task) {
    long millis = Duration.between(Instant.now(), time).toMillis();
    return timer.schedule(task, Math.max(0, millis), TimeUnit.MILLISECONDS);
  }
}
