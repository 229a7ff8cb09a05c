package ai.starcite.examples.gateway.routes;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionQuery;
import ai.starcite.SessionQuery.Visibility;
import ai.starcite.SessionUpdate;
import ai.starcite.examples.gateway.access.Caller;
import ai.starcite.examples.gateway.http.GatewayOptions;
import ai.starcite.examples.gateway.http.Numbers;
import ai.starcite.examples.gateway.http.Problem;
import ai.starcite.examples.gateway.http.RequestBody;
import ai.starcite.examples.gateway.http.Requests;
import io.javalin.http.Context;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All about sessions but their events. */
public final class SessionRoutes {
  private static final int ID_BYTES = 12;

  private final SessionLog log;
  private final GatewayOptions options;
  private final SecureRandom random = new SecureRandom();

  public SessionRoutes(SessionLog log, GatewayOptions options) {
    this.log = log;
    this.options = options;
  }

  public void create(Context ctx, Caller caller) {
    RequestBody body = RequestBody.read(ctx.req(), options);
    String id = caller.innerOfNew(body.text("id", "invalid_session_id").orElseGet(this::newId));
    NewSession session = NewSession.ofId(id);
    String title = body.text("title", "invalid_session").orElse("");
    NewSession titled = Problem.naming("invalid_session", () -> session.withTitle(title));
    NewSession complete =
        body.json("metadata")
            .map(json -> Problem.naming("invalid_metadata", () -> titled.withMetadata(json)))
            .orElse(titled);
    Requests.answer(ctx, 201, SessionJson.of(log.create(complete), caller));
  }

  /** An id such as the log makes. Made here, since it follows the prefix of a tenant. */
  private String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return "ses_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public void list(Context ctx, Caller caller) {
    SessionQuery query =
        Problem.naming("invalid_list_query", () -> query(Requests.query(ctx), caller));
    Requests.answer(ctx, 200, SessionJson.of(log.list(query), caller));
  }

  private static SessionQuery query(Map<String, List<String>> parameters, Caller caller) {
    SessionQuery query = SessionQuery.active().withPrefix(caller.prefix());
    for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
      String name = parameter.getKey();
      String value = parameter.getValue().get(0);
      query =
          switch (name) {
            case "limit" -> query.withLimit(Numbers.within(value, 1, 1_000, "invalid_limit", name));
            case "cursor" -> value.isEmpty() ? query : query.withAfter(caller.prefix() + value);
            case "prefix" -> query.withPrefix(caller.prefix() + value);
            case "archived" -> query.withVisibility(visibility(value));
            default -> withMetadata(query, name, value);
          };
    }
    if (caller.lock().isEmpty()) {
      return query;
    }
    // The one session comes first among those whose ids begin with its own.
    String only = caller.prefix() + caller.lock().get();
    return only.startsWith(query.prefix()) ? query.withPrefix(only).withLimit(1) : query;
  }

  private static Visibility visibility(String archived) {
    return switch (archived) {
      case "false" -> Visibility.ACTIVE;
      case "true" -> Visibility.ARCHIVED;
      case "all" -> Visibility.ALL;
      default ->
          throw new Problem(400, "invalid_list_query", "archived must be false, true or all");
    };
  }

  private static SessionQuery withMetadata(SessionQuery query, String name, String value) {
    if (name.startsWith("metadata.")) {
      return query.withMetadata(name.substring("metadata.".length()), value);
    }
    if (name.startsWith("metadata[") && name.endsWith("]")) {
      return query.withMetadata(name.substring("metadata[".length(), name.length() - 1), value);
    }
    // Other parameters are for other versions.
    return query;
  }

  public void get(Context ctx, Caller caller) {
    answer(ctx, caller, log::get);
  }

  public void update(Context ctx, Caller caller) {
    RequestBody body = RequestBody.read(ctx.req(), options);
    SessionUpdate update = SessionUpdate.defaults();
    if (body.json().members().containsKey("title")) {
      // Null clears it, as an empty one does.
      String title = body.text("title", "invalid_session").orElse("");
      SessionUpdate untitled = update;
      update = Problem.naming("invalid_session", () -> untitled.withTitle(title));
    }
    if (body.has("metadata")) {
      Json changes = body.json("metadata").orElseThrow();
      SessionUpdate unchanged = update;
      update = Problem.naming("invalid_metadata", () -> unchanged.withMetadata(changes));
    }
    if (body.has("expected_version")) {
      update =
          update.withExpectedVersion(
              body.number("expected_version", "invalid_session").getAsLong());
    }
    SessionUpdate whole = update;
    // What is left to be wrong is the metadata that comes of merging.
    answer(ctx, caller, id -> Problem.naming("invalid_metadata", () -> log.update(id, whole)));
  }

  public void archive(Context ctx, Caller caller) {
    answer(ctx, caller, log::archive);
  }

  public void unarchive(Context ctx, Caller caller) {
    answer(ctx, caller, log::unarchive);
  }

  public void seal(Context ctx, Caller caller) {
    answer(ctx, caller, log::seal);
  }

  public void delete(Context ctx, Caller caller) {
    log.delete(caller.inner(Requests.sessionId(ctx)));
    ctx.status(204);
  }

  private static void answer(Context ctx, Caller caller, Function<String, Session> call) {
    Session session = call.apply(caller.inner(Requests.sessionId(ctx)));
    Requests.answer(ctx, 200, SessionJson.of(session, caller));
  }
}
