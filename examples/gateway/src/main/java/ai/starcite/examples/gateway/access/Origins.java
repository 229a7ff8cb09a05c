package ai.starcite.examples.gateway.access;

import ai.starcite.examples.gateway.http.Problem;
import io.javalin.http.Context;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may use the gateway: its own, and those of the origins that it was told of. A
 * browser says from which page a request comes; other programs need not.
 */
public final class Origins {
  /** Names that always point to this machine, unless it decides otherwise. */
  private static final Pattern LOCAL =
      Pattern.compile("(localhost|[0-9.]+|\\[[0-9a-f:.]+\\])(:[0-9]+)?", Pattern.CASE_INSENSITIVE);

  private final List<String> allowed;
  private final boolean localOnly;

  /**
   * The pages of allowed origins, and the gateway's own.
   *
   * @param localOnly whether only this machine is to reach the gateway, which asks for no tokens.
   *     Then it answers to local names only: a site could have a name of its own point to this
   *     machine, so that its pages would seem to be the gateway's.
   */
  public Origins(List<String> allowed, boolean localOnly) {
    this.allowed = allowed;
    this.localOnly = localOnly;
  }

  /** Refuses pages of other origins, so that no site that a user visits reaches a local gateway. */
  public void check(Context ctx) {
    String host = ctx.header("Host");
    if (localOnly && host != null && !LOCAL.matcher(host).matches() && !isAllowedHost(host)) {
      throw new Problem(
          403,
          "forbidden",
          "without tokens the gateway answers to localhost and addresses only; see --allow-origin");
    }
    String origin = ctx.header("Origin");
    if (origin == null || isOwn(origin, host)) {
      return;
    }
    if (!allowed.contains("*") && !allowed.contains(origin)) {
      throw new Problem(
          403, "forbidden", "pages of this origin are not let in; see --allow-origin");
    }
    ctx.res().setHeader("Access-Control-Allow-Origin", origin);
    ctx.res().setHeader("Vary", "Origin");
  }

  private boolean isAllowedHost(String host) {
    return allowed.stream().anyMatch(each -> each.equals("*") || isOwn(each, host));
  }

  private static boolean isOwn(String origin, @Nullable String host) {
    return origin.equals("http://" + host) || origin.equals("https://" + host);
  }

  /** Whether this is the question that a browser asks before a request of another origin. */
  public static boolean isPreflight(Context ctx) {
    return ctx.req().getMethod().equals("OPTIONS")
        && ctx.header("Access-Control-Request-Method") != null;
  }

  public static void answerPreflight(Context ctx) {
    ctx.header("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
    ctx.header("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID");
    ctx.header("Access-Control-Max-Age", "600");
    ctx.status(204);
  }
}
