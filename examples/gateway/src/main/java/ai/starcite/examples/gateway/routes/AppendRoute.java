package ai.starcite.examples.gateway.routes;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.examples.gateway.access.Caller;
import ai.starcite.examples.gateway.http.GatewayOptions;
import ai.starcite.examples.gateway.http.Metrics;
import ai.starcite.examples.gateway.http.Problem;
import ai.starcite.examples.gateway.http.RequestBody;
import ai.starcite.examples.gateway.http.Requests;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Timer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Appends an event. The thread of the request is free while the store writes. */
public final class AppendRoute {
  private static final NewEvent BLANK = NewEvent.of("blank", Json.parse("{}"));

  private final SessionLog log;
  private final GatewayOptions options;
  private final Metrics metrics;
  private final Executor executor;

  public AppendRoute(SessionLog log, GatewayOptions options, Metrics metrics, Executor executor) {
    this.log = log;
    this.options = options;
    this.metrics = metrics;
    this.executor = executor;
  }

  public void append(Context ctx, Caller caller) {
    String id = caller.inner(Requests.sessionId(ctx));
    RequestBody body = RequestBody.read(ctx.req(), options);
    NewEvent event = event(body, caller);
    OptionalLong expected = body.number("expected_seq", "invalid_event");
    AppendOptions demands =
        expected.isPresent()
            ? AppendOptions.defaults().withExpectedSeq(expected.getAsLong())
            : AppendOptions.defaults();
    Timer.Sample started = metrics.start();
    ctx.future(
        () ->
            log.appendAsync(id, event, demands)
                // Not on the log's few threads: a client may be slow to take its answer.
                .handleAsync(
                    (result, failure) -> {
                      metrics.appended(started, failure);
                      if (failure != null) {
                        throw new CompletionException(failure);
                      }
                      Requests.answer(ctx, 201, json(result));
                      return result;
                    },
                    executor));
  }

  private NewEvent event(RequestBody body, Caller caller) {
    for (String required : new String[] {"type", "payload", "producer_id", "producer_seq"}) {
      if (!body.has(required)) {
        throw new Problem(400, "invalid_event", required + " is missing");
      }
    }
    NewEvent event;
    try {
      event = NewEvent.fromJson(body.json());
    } catch (SessionLogException e) {
      throw new Problem(400, blame(body), String.valueOf(e.getMessage()));
    }
    if (event.actor().isEmpty()) {
      NewEvent unsigned = event;
      event = Problem.naming("invalid_event", () -> unsigned.withActor(caller.subject()));
    }
    if (event.size() > options.maxEventBytes) {
      throw new Problem(
          413,
          "event_too_large",
          "the event has %d bytes; it may have %d".formatted(event.size(), options.maxEventBytes));
    }
    return event;
  }

  /** Which part of an event that is not valid is to blame. */
  private static String blame(RequestBody body) {
    try {
      body.json("metadata").ifPresent(BLANK::withMetadata);
    } catch (SessionLogException e) {
      return "invalid_metadata";
    }
    try {
      body.json("refs").ifPresent(BLANK::withRefs);
    } catch (SessionLogException e) {
      return "invalid_refs";
    }
    return "invalid_event";
  }

  private static Json json(AppendResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seq", result.seq());
    json.put("last_seq", result.lastSeq());
    json.put("deduped", result.deduped());
    json.put("cursor", result.seq());
    // What is acknowledged is durable.
    json.put("committed_cursor", result.lastSeq());
    return Json.encode(json);
  }
}
