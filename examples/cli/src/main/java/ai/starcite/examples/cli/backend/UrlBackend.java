package ai.starcite.examples.cli.backend;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.TailOptions;
import ai.starcite.examples.cli.text.Splice;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sessions behind a gateway. */
public final class UrlBackend implements Backend {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Gateway gateway;
  private final Duration timeout;
  private final Consumer<String> notes;

  /**
   * A gateway.
   *
   * @param timeout how long an append is tried again
   * @param notes is told when a tail has lost its connection
   */
  public UrlBackend(Gateway gateway, Duration timeout, Consumer<String> notes) {
    this.gateway = gateway;
    this.timeout = timeout;
    this.notes = notes;
  }

  private record WireList(List<Json> sessions, String nextCursor) {}

  private record WireResult(Long seq, Long lastSeq, Boolean deduped) {}

  @Override
  public String name() {
    return gateway.url();
  }

  /** Each is a request of its own on a connection of its own. */
  @Override
  public int maxInFlight() {
    return 16;
  }

  @Override
  public boolean takesBareEvents() {
    return false;
  }

  @Override
  public Session create(NewSession session) {
    Map<String, Object> body = new LinkedHashMap<>();
    session.id().ifPresent(id -> body.put("id", id));
    session.title().ifPresent(title -> body.put("title", title));
    body.put("metadata", session.metadata());
    return session("POST", "/v1/sessions", Json.encode(body));
  }

  @Override
  public Session get(String sessionId) {
    return session("GET", Gateway.path(sessionId), null);
  }

  @Override
  public Session archive(String sessionId) {
    return session("POST", Gateway.path(sessionId) + "/archive", null);
  }

  @Override
  public Session unarchive(String sessionId) {
    return session("POST", Gateway.path(sessionId) + "/unarchive", null);
  }

  @Override
  public Session seal(String sessionId) {
    return session("POST", Gateway.path(sessionId) + "/seal", null);
  }

  @Override
  public void delete(String sessionId) {
    gateway.call("DELETE", Gateway.path(sessionId), null);
  }

  private Session session(String method, String path, Json body) {
    return read(gateway.call(method, path, body), Session::fromJson);
  }

  private <T> T read(Json answer, Function<Json, T> form) {
    try {
      if (answer != null) {
        return form.apply(answer);
      }
    } catch (SessionLogException e) {
      throw gateway.notAGateway(200, e);
    }
    throw gateway.notAGateway(200, null);
  }

  @Override
  public SessionPage list(SessionQuery query) {
    StringBuilder path = new StringBuilder("/v1/sessions?limit=").append(query.limit());
    path.append("&archived=")
        .append(
            switch (query.visibility()) {
              case ACTIVE -> "false";
              case ARCHIVED -> "true";
              case ALL -> "all";
            });
    if (!query.prefix().isEmpty()) {
      path.append("&prefix=").append(Gateway.encoded(query.prefix()));
    }
    query.after().ifPresent(after -> path.append("&cursor=").append(Gateway.encoded(after)));
    query
        .metadata()
        .forEach(
            (key, value) ->
                path.append("&metadata.")
                    .append(Gateway.encoded(key))
                    .append('=')
                    .append(Gateway.encoded(value.as(String.class))));
    return read(gateway.call("GET", path.toString(), null), UrlBackend::page);
  }

  private static SessionPage page(Json answer) {
    WireList list = answer.as(WireList.class);
    return new SessionPage(
        list.sessions().stream().map(SessionPage.Row::fromJson).toList(), list.nextCursor());
  }

  /** Sends the event again, with the same producer pair, until it is clear what became of it. */
  @Override
  public CompletableFuture<AppendResult> append(
      String sessionId, NewEvent event, AppendOptions options) {
    Json body = event.toJson();
    if (options.expectedSeq().isPresent()) {
      body = Splice.add(body, "expected_seq", Json.encode(options.expectedSeq().getAsLong()));
    }
    return new Attempts(Gateway.path(sessionId) + "/append", body).start();
  }

  @Override
  public EventStream tail(String sessionId, TailOptions options) {
    return new ResumingTail(gateway, sessionId, options, () -> get(sessionId).incarnation(), notes);
  }

  @Override
  public void close() {}

  /** One append and its retries. */
  private final class Attempts {
    private final String path;
    private final Json body;
    private final long deadline = System.nanoTime() + timeout.toNanos();
    private final CompletableFuture<AppendResult> result = new CompletableFuture<>();
    private Duration pause = FIRST_PAUSE;
    private SessionLogException unknown;

    Attempts(String path, Json body) {
      this.path = path;
      this.body = body;
    }

    CompletableFuture<AppendResult> start() {
      send();
      return result;
    }

    private void send() {
      Duration left = Duration.ofNanos(Math.max(deadline - System.nanoTime(), 1_000_000));
      Duration patience = left.compareTo(ANSWER_TIMEOUT) < 0 ? left : ANSWER_TIMEOUT;
      gateway.send("POST", path, body, patience).whenComplete(this::answered);
    }

    private void answered(Json answer, Throwable failure) {
      if (failure == null) {
        try {
          WireResult appended = read(answer, json -> json.as(WireResult.class));
          result.complete(new AppendResult(appended.seq(), appended.lastSeq(), appended.deduped()));
        } catch (RuntimeException e) {
          result.completeExceptionally(e);
        }
        return;
      }
      Throwable cause = Failures.unwrapped(failure);
      if (!(cause instanceof SessionLogException e) || !e.isRetryable()) {
        result.completeExceptionally(
            unknown == null || isVerdict(cause) ? cause : stillUnknown(cause));
        return;
      }
      if (e.code() == Code.OUTCOME_UNKNOWN) {
        unknown = e;
      }
      if (System.nanoTime() + pause.toNanos() > deadline) {
        result.completeExceptionally(unknown == null ? e : unknown);
        return;
      }
      Executor later = CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS);
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      later.execute(this::send);
    }

    /** Whether a refusal tells what became of earlier attempts: those were looked for first. */
    private static boolean isVerdict(Throwable cause) {
      return cause instanceof SessionLogException e
          && switch (e.code()) {
            case SESSION_NOT_FOUND,
                SESSION_SEALED,
                EXPECTED_SEQ_CONFLICT,
                PRODUCER_SEQ_CONFLICT,
                PRODUCER_REPLAY_CONFLICT,
                TOO_MANY_PRODUCERS ->
                true;
            default -> false;
          };
    }

    private static SessionLogException stillUnknown(Throwable cause) {
      return new SessionLogException(
          Code.OUTCOME_UNKNOWN,
          "an earlier attempt to append may have been stored, and this one failed: "
              + cause.getMessage(),
          cause);
    }
  }
}
