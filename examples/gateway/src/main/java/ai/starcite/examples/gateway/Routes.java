package ai.starcite.examples.gateway;

import ai.starcite.Json;
import ai.starcite.SessionLog;
import ai.starcite.examples.gateway.access.Access;
import ai.starcite.examples.gateway.access.AccessTokenHandler;
import ai.starcite.examples.gateway.access.Caller;
import ai.starcite.examples.gateway.access.Origins;
import ai.starcite.examples.gateway.access.Scope;
import ai.starcite.examples.gateway.http.ErrorResponses;
import ai.starcite.examples.gateway.http.GatewayOptions;
import ai.starcite.examples.gateway.http.Metrics;
import ai.starcite.examples.gateway.http.Problem;
import ai.starcite.examples.gateway.http.Requests;
import ai.starcite.examples.gateway.http.Traffic;
import ai.starcite.examples.gateway.routes.AppendRoute;
import ai.starcite.examples.gateway.routes.SessionRoutes;
import ai.starcite.examples.gateway.tails.OpenTails;
import ai.starcite.examples.gateway.tails.TailPage;
import ai.starcite.examples.gateway.tails.TailRoute;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The server: what is at which address, and what it bears from clients. */
final class Routes {
  private static final String SESSION = "/v1/sessions/{id}";
  private static final String COUNTED = "traffic.counted";

  private final GatewayOptions options;
  private final SessionLog log;
  private final Access access;
  private final Metrics metrics;
  private final OpenTails tails;
  private final Traffic traffic;
  private final ScheduledExecutorService timer;
  private final QueuedThreadPool threads;
  private final Origins origins;

  Routes(
      GatewayOptions options,
      SessionLog log,
      Access access,
      Metrics metrics,
      OpenTails tails,
      Traffic traffic,
      ScheduledExecutorService timer,
      QueuedThreadPool threads) {
    this.options = options;
    this.log = log;
    this.access = access;
    this.metrics = metrics;
    this.tails = tails;
    this.traffic = traffic;
    this.timer = timer;
    this.threads = threads;
    this.origins = new Origins(options.allowedOrigins, access.isOpen() && options.isLoopback());
  }

  Javalin server() {
    return Javalin.create(
        config -> {
          configure(config);
          around(config);
          sessions(config);
          tails(config);
          operations(config);
          page(config);
        });
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.startupWatcherEnabled = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.http.prefer405over404 = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.host = options.host;
    config.jetty.port = options.port;
    config.jetty.threadPool = threads;
    config.jetty.modifyServer(this::modify);
    config.jetty.modifyHttpConfiguration(this::modify);
    config.jetty.addConnector(
        (server, http) -> {
          ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
          connector.setHost(options.host);
          connector.setPort(options.port);
          connector.setIdleTimeout(options.idleTimeout().toMillis());
          return connector;
        });
    config.jetty.modifyServletContextHandler(
        context -> context.setErrorHandler(new ErrorResponses()));
    config.jetty.modifyWebSocketServletFactory(
        factory -> {
          // Two pings without an answer.
          factory.setIdleTimeout(options.pingInterval.multipliedBy(2).plus(Duration.ofSeconds(15)));
          factory.setMaxTextMessageSize(4_096);
          factory.setMaxBinaryMessageSize(4_096);
        });
  }

  private void modify(Server server) {
    server.insertHandler(new AccessTokenHandler());
    // Sees an answer through to its last byte, which the count of traffic does not.
    server.insertHandler(new GracefulHandler());
    server.setStopTimeout(options.shutdownTimeout().toMillis());
    server.setErrorHandler(new ErrorResponses());
  }

  private void modify(HttpConfiguration http) {
    // Ids are judged by the routes, which say what is wrong with them.
    http.setUriCompliance(
        UriCompliance.LEGACY.with(
            "gateway",
            UriCompliance.Violation.BAD_PERCENT_ENCODING,
            UriCompliance.Violation.BAD_UTF8_ENCODING,
            UriCompliance.Violation.TRUNCATED_UTF8_ENCODING));
    http.setRequestHeaderSize(options.maxHeaderBytes);
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
  }

  private void around(JavalinConfig config) {
    config.routes.before(
        ctx -> {
          ctx.header("X-Content-Type-Options", "nosniff");
          origins.check(ctx);
          if (Origins.isPreflight(ctx)) {
            Origins.answerPreflight(ctx);
            ctx.skipRemainingHandlers();
          } else if (!ctx.path().startsWith("/health/")) {
            ctx.attribute(COUNTED, traffic.enter());
          }
        });
    config.routes.after(
        ctx -> {
          Runnable over = ctx.attribute(COUNTED);
          if (over != null) {
            over.run();
          }
          var endpoint = ctx.endpoints().lastHttpEndpoint();
          // What clients make up is counted as one, so that they cannot make up series.
          metrics.requested(
              endpoint == null ? "other" : ctx.method().name(),
              endpoint == null ? "none" : endpoint.path,
              ctx.statusCode());
        });
    config.routes.exception(Exception.class, (e, ctx) -> refuse(ctx, e));
    config.routes.exception(HttpResponseException.class, (e, ctx) -> refuse(ctx, e));
  }

  private static void refuse(Context ctx, Exception e) {
    Problem.from(e).write(ctx.res());
  }

  private void sessions(JavalinConfig config) {
    SessionRoutes sessions = new SessionRoutes(log, options);
    AppendRoute append = new AppendRoute(log, options, metrics, threads);
    var routes = config.routes;
    routes.post("/v1/sessions", with(Scope.CREATE, sessions::create));
    routes.get("/v1/sessions", with(Scope.READ, sessions::list));
    routes.get(SESSION, with(Scope.READ, sessions::get));
    routes.patch(SESSION, with(Scope.CREATE, sessions::update));
    routes.delete(SESSION, with(Scope.CREATE, sessions::delete));
    routes.post(SESSION + "/archive", with(Scope.CREATE, sessions::archive));
    routes.post(SESSION + "/unarchive", with(Scope.CREATE, sessions::unarchive));
    routes.post(SESSION + "/seal", with(Scope.APPEND, sessions::seal));
    routes.post(SESSION + "/append", with(Scope.APPEND, append::append));
  }

  private void tails(JavalinConfig config) {
    TailPage pages = new TailPage(log, tails, timer, threads);
    TailRoute tail = new TailRoute(log, access, options, tails, traffic, timer, pages);
    config.routes.get(SESSION + "/tail", with(Scope.READ, tail::get));
    config.routes.wsBeforeUpgrade(
        ctx -> {
          origins.check(ctx);
          tail.beforeUpgrade(ctx);
        });
    config.routes.wsAfterUpgrade(tail::afterUpgrade);
    config.routes.ws(SESSION + "/tail", tail::webSocket);
  }

  private void operations(JavalinConfig config) {
    config.routes.get("/health/live", ctx -> healthy(ctx));
    config.routes.get(
        "/health/ready",
        ctx -> {
          if (traffic.isStopping()) {
            throw Problem.shuttingDown();
          }
          healthy(ctx);
        });
    config.routes.get(
        "/metrics",
        ctx ->
            ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape()));
  }

  private static void healthy(Context ctx) {
    Requests.answer(ctx, 200, Json.encode(Map.of("status", "ok")));
  }

  private static void page(JavalinConfig config) {
    config.routes.get("/", PageFile.load("index.html", "text/html; charset=utf-8")::answer);
    for (String script : new String[] {"app.js", "client.js", "transcript.js", "view.js"}) {
      PageFile file = PageFile.load(script, "text/javascript; charset=utf-8");
      config.routes.get("/" + script, file::answer);
    }
    config.routes.get("/style.css", PageFile.load("style.css", "text/css; charset=utf-8")::answer);
    config.routes.get("/icon.svg", PageFile.load("icon.svg", "image/svg+xml")::answer);
  }

  /** A handler that is told who calls. */
  private interface CallerHandler {
    void handle(Context ctx, Caller caller) throws Exception;
  }

  private Handler with(Scope scope, CallerHandler handler) {
    return ctx -> handler.handle(ctx, access.require(ctx.req(), scope));
  }
}
