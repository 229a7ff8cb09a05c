package ai.starcite.examples.cli.backend;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Requests to a gateway, and what its answers mean. Thread-safe. */
public final class Gateway {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(40);

  private final String base;
  private final String token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /** A gateway at an address, reached with a token unless that is null. */
  public Gateway(String url, String token) {
    this.base = checked(url);
    this.token = token;
    if (token != null && !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw CommandException.usage("the token has characters that no token has");
    }
  }

  private static String checked(String url) {
    try {
      URI uri = URI.create(url);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return url.replaceAll("/+$", "");
      }
    } catch (IllegalArgumentException e) {
      // Told below, as any other address that is none.
    }
    throw CommandException.usage(
        "--url must be an address such as http://127.0.0.1:4000, this is " + url);
  }

  String url() {
    return base;
  }

  /** The path of a session; whatever characters its id has. */
  static String path(String sessionId) {
    return "/v1/sessions/" + encoded(sessionId);
  }

  static String encoded(String text) {
    StringBuilder path = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '~';
      path.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return path.toString();
  }

  /** Sends a request and waits for a successful answer, whose body this is; null if it has none. */
  Json call(String method, String path, Json body) {
    try {
      return send(method, path, body, ANSWER_TIMEOUT).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Sends a request. The future fails with what {@link #call} throws. */
  CompletableFuture<Json> send(String method, String path, Json body, Duration timeout) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(timeout)
            .header("Accept", "application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.bytes()));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    boolean writes = !method.equals("GET");
    return client
        .sendAsync(request.build(), BodyHandlers.ofByteArray())
        .handle(
            (response, failure) -> {
              if (failure != null) {
                throw unreachable(failure, writes);
              }
              return answer(response, writes);
            });
  }

  private Json answer(HttpResponse<byte[]> response, boolean writes) {
    if (response.statusCode() / 100 != 2) {
      throw Refusal.of(base, response.statusCode(), response.body(), writes);
    }
    if (response.body().length == 0) {
      return null;
    }
    try {
      return Json.parse(response.body());
    } catch (SessionLogException e) {
      throw notAGateway(response.statusCode(), e);
    }
  }

  CommandException notAGateway(int status, Exception cause) {
    return new CommandException(
        ExitCode.FAILED,
        base + " answers as no gateway of Starcite does (status " + status + "); check --url",
        cause);
  }

  /** A connection that broke says nothing about what became of a write. */
  RuntimeException unreachable(Throwable failure, boolean mayHaveBeenWritten) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    boolean never =
        cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    if (!(cause instanceof IOException)) {
      return new CommandException(ExitCode.FAILED, "the request failed: " + cause, cause);
    } else if (never || !mayHaveBeenWritten) {
      return new SessionLogException(
          Code.STORE_UNAVAILABLE,
          "cannot reach " + base + reason(cause) + ": check --url, and that the gateway runs",
          cause);
    }
    return new SessionLogException(
        Code.OUTCOME_UNKNOWN,
        "the connection to " + base + " broke" + reason(cause) + ": it may be done or not",
        cause);
  }

  private static String reason(Throwable cause) {
    return cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
  }

  /** Opens a WebSocket; the future fails as the client has it. */
  CompletableFuture<WebSocket> connect(String path, WebSocket.Listener listener) {
    WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
    if (token != null) {
      builder.header("Authorization", "Bearer " + token);
    }
    return builder.buildAsync(URI.create("ws" + base.substring("http".length()) + path), listener);
  }
}
