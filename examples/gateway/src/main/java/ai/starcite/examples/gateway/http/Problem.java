package ai.starcite.examples.gateway.http;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import io.javalin.http.HttpResponseException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An answer that is an error: {@code {"error":NAME,"message":TEXT}} and what belongs to it. */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(Problem.class);

  private final int status;
  private final String name;
  private final transient Map<String, Object> fields;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  public Problem(int status, String name, String message) {
    this(status, name, message, Map.of());
  }

  private Problem(int status, String name, String message, Map<String, Object> fields) {
    super(message, null, false, false);
    this.status = status;
    this.name = name;
    this.fields = fields;
  }

  public Problem withHeader(String header, String value) {
    headers.put(header, value);
    return this;
  }

  int status() {
    return status;
  }

  public String name() {
    return name;
  }

  Json body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", name);
    body.put("message", String.valueOf(getMessage()));
    body.putAll(fields);
    return Json.encode(body);
  }

  public void write(HttpServletResponse response) {
    response.setStatus(status);
    headers.forEach(response::setHeader);
    response.setContentType("application/json");
    try {
      response.getOutputStream().write(body().bytes());
    } catch (IOException e) {
      LOG.debug("the client did not wait for its answer", e);
    }
  }

  /** Runs what reads a request, and gives what is wrong with the request that name. */
  public static <T> T naming(String name, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (SessionLogException e) {
      if (e.code() == SessionLogException.Code.INVALID) {
        throw new Problem(400, name, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  public static Problem sessionNotFound() {
    return new Problem(404, "session_not_found", "there is no session of that id");
  }

  public static Problem shuttingDown() {
    return new Problem(503, "shutting_down", "the gateway is being stopped; try another one")
        .withHeader("Retry-After", "1");
  }

  /**
   * What a failure is to the client. An unexpected one is logged; the client learns its name only.
   */
  public static Problem from(Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return from(failure.getCause());
    } else if (failure instanceof Problem problem) {
      return problem;
    } else if (failure instanceof SessionLogException e) {
      return from(e);
    } else if (failure instanceof HttpResponseException e) {
      Problem problem = ofStatus(e.getStatus());
      String allowed = e.getDetails().values().stream().findFirst().orElse(null);
      return e.getStatus() != 405 || allowed == null
          ? problem
          : problem.withHeader("Allow", allowed);
    }
    LOG.error("a request failed", failure);
    return ofStatus(500);
  }

  private static Problem from(SessionLogException e) {
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "current_seq", e.currentSeq());
    put(fields, "current_version", e.currentVersion());
    put(fields, "expected_producer_seq", e.expectedProducerSeq());
    put(fields, "earliest_available_cursor", e.earliestCursor());
    String message = String.valueOf(e.getMessage());
    return switch (e.code()) {
      case INVALID -> new Problem(400, "invalid_session", message, fields);
      case SESSION_NOT_FOUND -> sessionNotFound();
      case SESSION_EXISTS ->
          new Problem(409, "session_exists", "there is a session of that id already", fields);
      case SESSION_SEALED ->
          new Problem(409, "session_sealed", "the session takes no more events", fields);
      case VERSION_CONFLICT -> new Problem(409, "expected_version_conflict", message, fields);
      case EXPECTED_SEQ_CONFLICT -> new Problem(409, "expected_seq_conflict", message, fields);
      case PRODUCER_SEQ_CONFLICT -> new Problem(409, "producer_seq_conflict", message, fields);
      case PRODUCER_REPLAY_CONFLICT ->
          new Problem(409, "producer_replay_conflict", message, fields);
      case TOO_MANY_PRODUCERS -> new Problem(409, "too_many_producers", message, fields);
      case CURSOR_AHEAD -> new Problem(409, "cursor_ahead", message, fields);
      case CURSOR_EXPIRED -> new Problem(409, "cursor_expired", message, fields);
      case BACKPRESSURE -> backpressure(message);
      case CANCELLED -> new Problem(503, "cancelled", message, fields);
      case OUTCOME_UNKNOWN ->
          new Problem(
              503,
              "outcome_unknown",
              "it may have been stored; send it again with the same producer pair",
              fields);
      case STORE_UNAVAILABLE -> {
        LOG.warn("the store could not serve a request: {}", e.getMessage());
        yield new Problem(503, "store_unavailable", "the store could not do it; try again", fields);
      }
      case CLOSED -> shuttingDown();
      case CORRUPT -> {
        LOG.error("a session is damaged", e);
        yield new Problem(500, "corrupt", "what is stored of this session is damaged", fields);
      }
    };
  }

  public static Problem backpressure(String message) {
    return new Problem(429, "backpressure", message).withHeader("Retry-After", "1");
  }

  /** What the server found wrong before, or beside, any route. */
  static Problem ofStatus(int status) {
    return switch (status) {
      case 401 -> new Problem(401, "unauthorized", "a token is needed");
      case 403 -> new Problem(403, "forbidden", "this is not allowed");
      case 404 -> new Problem(404, "not_found", "there is nothing at this path");
      case 405 -> new Problem(405, "method_not_allowed", "this path has other methods");
      case 408 -> new Problem(408, "request_timeout", "the request took too long to arrive");
      case 413 -> new Problem(413, "event_too_large", "the body is too large");
      case 414 -> new Problem(414, "uri_too_long", "the address is too long");
      case 415 -> new Problem(415, "unsupported_media_type", "the body must be application/json");
      case 431 -> new Problem(431, "headers_too_large", "the headers are too large");
      case 503 -> shuttingDown();
      // A version or an encoding that the server does not know is the client's mistake.
      case 400, 426, 501, 505 -> new Problem(400, "bad_request", "this is not proper HTTP");
      default ->
          status < 500
              ? new Problem(status, "bad_request", "the request cannot be served")
              : new Problem(500, "internal", "the gateway failed; its log says why");
    };
  }

  private static void put(Map<String, Object> fields, String name, OptionalLong value) {
    if (value.isPresent()) {
      fields.put(name, value.getAsLong());
    }
  }
}
