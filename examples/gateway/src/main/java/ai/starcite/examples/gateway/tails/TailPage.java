package ai.starcite.examples.gateway.tails;

import ai.starcite.Event;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.Tail;
import ai.starcite.examples.gateway.access.Caller;
import ai.starcite.examples.gateway.http.Requests;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A tail page by page, for clients that neither stream nor push. Waiting takes no thread. */
public final class TailPage {
  /** A page of this size takes no more events. */
  private static final long FULL_BYTES = 8 << 20;

  private final SessionLog log;
  private final OpenTails tails;
  private final ScheduledExecutorService timer;
  private final Executor executor;

  public TailPage(
      SessionLog log, OpenTails tails, ScheduledExecutorService timer, Executor executor) {
    this.log = log;
    this.tails = tails;
    this.timer = timer;
    this.executor = executor;
  }

  void answer(Context ctx, Caller caller, TailRequest request) {
    Page page = read(request);
    if (!page.events.isEmpty()
        || page.session.sealed()
        || request.patience().isZero()
        || !request.options().follow()) {
      Requests.answer(ctx, 200, page.json());
      return;
    }
    TailRequest rest = request.withCursor(page.cursor);
    ctx.future(
        () ->
            news(rest, caller)
                .thenAcceptAsync(any -> Requests.answer(ctx, 200, read(rest).json()), executor));
  }

  /** Completes when there is something to read, the time is over or the gateway is stopped. */
  private CompletableFuture<@Nullable Void> news(TailRequest request, Caller caller) {
    First first = new First();
    OpenTails.Lease lease = tails.open(caller.key(), first::complete);
    log.publisher(request.sessionId(), request.options()).subscribe(first);
    ScheduledFuture<?> timeout =
        timer.schedule(first::complete, request.patience().toMillis(), TimeUnit.MILLISECONDS);
    return first.done.whenComplete(
        (done, failure) -> {
          timeout.cancel(false);
          lease.release();
        });
  }

  private Page read(TailRequest request) {
    List<Event> events = new ArrayList<>();
    long bytes = 0;
    long cursor;
    try (Tail tail =
        log.tail(
            request.sessionId(), request.options().withoutFollowing().withLimit(request.limit()))) {
      while (bytes < FULL_BYTES && tail.hasNext()) {
        Event event = tail.next();
        events.add(event);
        bytes += event.size();
      }
      cursor = tail.cursor().seq();
    }
    return new Page(events, cursor, log.get(request.sessionId()));
  }

  private record Page(List<Event> events, long cursor, Session session) {
    byte[] json() {
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      json.writeBytes("{\"events\":".getBytes(StandardCharsets.US_ASCII));
      json.writeBytes(Frame.array(events));
      json.writeBytes(
          ",\"next_cursor\":%d,\"last_seq\":%d}"
              .formatted(cursor, session.lastSeq())
              .getBytes(StandardCharsets.US_ASCII));
      return json.toByteArray();
    }
  }

  /** Waits for the first event, or the end. */
  private static final class First implements Flow.Subscriber<Event> {
    final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      done.whenComplete((any, failure) -> subscription.cancel());
      subscription.request(1);
    }

    @Override
    public void onNext(Event event) {
      complete();
    }

    @Override
    public void onError(Throwable cause) {
      complete();
    }

    @Override
    public void onComplete() {
      complete();
    }

    void complete() {
      done.complete(null);
    }
  }
}
