package ai.starcite.examples.gateway;

import io.javalin.http.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may use the gateway: its own, and those of the origins that it was told of. A
 * browser says from which page a request comes; other programs need not.
 */
final class Origins {
  private final List<String> allowed;

  Origins(List<String> allowed) {
    this.allowed = allowed;
  }

  /** Refuses pages of other origins, so that no site that a user visits reaches a local gateway. */
  void check(Context ctx) {
    String origin = ctx.header("Origin");
    if (origin == null || isOwn(origin, ctx.header("Host"))) {
      return;
    }
    if (!allowed.contains("*") && !allowed.contains(origin)) {
      throw new Problem(
          403, "forbidden", "pages of this origin are not let in; see --allow-origin");
    }
    ctx.res().setHeader("Access-Control-Allow-Origin", origin);
    ctx.res().setHeader("Vary", "Origin");
  }

  private static boolean isOwn(String origin, @Nullable String host) {
    return origin.equals("http://" + host) || origin.equals("https://" + host);
  }

  /** Whether this is the question that a browser asks before a request of another origin. */
  static boolean isPreflight(Context ctx) {
    return ctx.req().getMethod().equals("OPTIONS")
        && ctx.header("Access-Control-Request-Method") != null;
  }

  static void answerPreflight(Context ctx) {
    ctx.header("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
    ctx.header("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID");
    ctx.header("Access-Control-Max-Age", "600");
    ctx.status(204);
  }
}
