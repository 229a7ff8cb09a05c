package ai.starcite.testkit;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.CreateResult;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Producer;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.SessionUpdate;
import ai.starcite.Tail;
import ai.starcite.TailListener;
import ai.starcite.TailOptions;
import ai.starcite.TailOptions.Start;
import ai.starcite.TailSubscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/** A log that does what another one does, but for one defect. */
final class BrokenLog implements SessionLog {
  private final SessionLog log;
  private final LogDefect defect;
  private final Set<List<Object>> seen = ConcurrentHashMap.newKeySet();

  BrokenLog(SessionLog log, LogDefect defect) {
    this.log = log;
    this.defect = defect;
  }

  private boolean has(LogDefect other) {
    return defect == other;
  }

  @Override
  public Session create(NewSession session) {
    return log.create(session);
  }

  @Override
  public CreateResult createIfAbsent(NewSession session) {
    return log.createIfAbsent(session);
  }

  @Override
  public Session get(String sessionId) {
    return shown(log.get(sessionId));
  }

  private Session shown(Session s) {
    return has(LogDefect.SEALED_FLAG_LOST) ? changed(s, s.version(), false) : s;
  }

  private static Session changed(Session s, long version, boolean sealed) {
    Map<String, Json> wire = new HashMap<>(s.toJson().members());
    wire.put("version", Json.encode(version));
    wire.put("sealed", Json.encode(sealed));
    return Session.fromJson(Json.encode(wire));
  }

  @Override
  public Session update(String sessionId, SessionUpdate update) {
    Session updated = log.update(sessionId, update);
    return has(LogDefect.UPDATE_RAISES_NO_VERSION)
        ? changed(updated, updated.version() - 1, updated.sealed())
        : updated;
  }

  @Override
  public Session archive(String sessionId) {
    return log.archive(sessionId);
  }

  @Override
  public Session unarchive(String sessionId) {
    return log.unarchive(sessionId);
  }

  @Override
  public Session seal(String sessionId) {
    return shown(log.seal(sessionId));
  }

  @Override
  public SessionPage list(SessionQuery query) {
    return log.list(query);
  }

  @Override
  public void delete(String sessionId) {
    log.delete(sessionId);
  }

  @Override
  public AppendResult append(String sessionId, NewEvent event, AppendOptions options) {
    boolean known = knows(sessionId, event);
    AppendResult result = log.append(sessionId, broken(event), broken(sessionId, options));
    return has(LogDefect.DEDUPE_FORGOTTEN_ON_REOPEN) && result.deduped() && !known
        ? log.append(sessionId, NewEvent.of(event.type(), event.payload()))
        : result;
  }

  private boolean knows(String sessionId, NewEvent event) {
    return event.producerId().isEmpty()
        || !seen.add(List.of(sessionId, event.producerId().get(), event.producerSeq().getAsLong()));
  }

  private NewEvent broken(NewEvent event) {
    if (!has(LogDefect.PAYLOAD_REWRITTEN)) {
      return event;
    }
    Json rewritten = Json.encode(event.payload().as(Map.class));
    NewEvent copy = NewEvent.of(event.type(), rewritten);
    return event.producerId().isPresent()
        ? copy.withProducer(event.producerId().get(), event.producerSeq().getAsLong())
        : copy;
  }

  private AppendOptions broken(String sessionId, AppendOptions options) {
    if (has(LogDefect.DEDUPE_AFTER_EXPECTED_SEQ) && options.expectedSeq().isPresent()) {
      long last = log.get(sessionId).lastSeq();
      if (options.expectedSeq().getAsLong() != last) {
        throw new SessionLogException(Code.EXPECTED_SEQ_CONFLICT, "the last seq is " + last)
            .withCurrentSeq(last);
      }
    }
    return has(LogDefect.EXPECTED_SEQ_IGNORED)
        ? BrokenLogs.copy(options, false, options.seal())
        : options;
  }

  @Override
  public CompletableFuture<AppendResult> appendAsync(
      String sessionId, NewEvent event, AppendOptions options) {
    knows(sessionId, event);
    return log.appendAsync(sessionId, broken(event), options);
  }

  @Override
  public List<AppendResult> appendAll(
      String sessionId, List<NewEvent> events, AppendOptions options) {
    events.forEach(event -> knows(sessionId, event));
    if (!has(LogDefect.TORN_BATCH)) {
      return log.appendAll(sessionId, events, options);
    }
    List<AppendResult> results = new ArrayList<>();
    for (NewEvent event : events) {
      results.add(log.append(sessionId, event));
    }
    return results;
  }

  @Override
  public CompletableFuture<List<AppendResult>> appendAllAsync(
      String sessionId, List<NewEvent> events, AppendOptions options) {
    return log.appendAllAsync(sessionId, events, options);
  }

  @Override
  public Tail tail(String sessionId, TailOptions options) {
    return switch (defect) {
      case CURSOR_OFF_BY_ONE -> log.tail(sessionId, moved(options, 1));
      case TAIL_REPEATS_AT_RESUME -> log.tail(sessionId, moved(options, -1));
      case TAIL_SKIPS_ONE -> new SkippingTail(log.tail(sessionId, options));
      case LATEST_OFF_BY_ONE -> log.tail(sessionId, oneMore(options));
      default -> log.tail(sessionId, options);
    };
  }

  private static TailOptions moved(TailOptions options, long by) {
    return options.start() instanceof Start.After after
        ? options.withCursor(Math.max(0, after.seq() + by))
        : options;
  }

  private static TailOptions oneMore(TailOptions options) {
    if (options.start() instanceof Start.Latest latest && latest.events() < 5) {
      TailOptions more = TailOptions.fromLatest(latest.events() + 1);
      return options.follow() ? more : more.withoutFollowing();
    }
    return options;
  }

  @Override
  public TailSubscription subscribe(String sessionId, TailOptions options, TailListener listener) {
    return log.subscribe(sessionId, options, listener);
  }

  @Override
  public TailSubscription subscribe(
      String sessionId, TailOptions options, TailListener listener, Executor executor) {
    if (defect != LogDefect.LISTENER_OUTLIVES_EXCEPTION) {
      return log.subscribe(sessionId, options, listener, executor);
    }
    TailListener stubborn =
        event -> {
          try {
            listener.onEvent(event);
          } catch (Exception e) {
            // It goes on.
          }
        };
    return log.subscribe(sessionId, options, stubborn, executor);
  }

  @Override
  public Flow.Publisher<Event> publisher(String sessionId, TailOptions options) {
    Flow.Publisher<Event> publisher = log.publisher(sessionId, options);
    return defect == LogDefect.DEMAND_IGNORED
        ? subscriber -> publisher.subscribe(new Flooded(subscriber))
        : publisher;
  }

  /** A subscriber that is given everything, whatever it demands. */
  private record Flooded(Flow.Subscriber<? super Event> subscriber)
      implements Flow.Subscriber<Event> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(subscription);
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Event event) {
      subscriber.onNext(event);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }

  @Override
  public Optional<Producer.Position> producerPosition(
      String sessionId, String producerId, AppendOptions options) {
    return log.producerPosition(sessionId, producerId, options);
  }

  @Override
  public Producer producer(String sessionId, String producerId) {
    return log.producer(sessionId, producerId);
  }

  @Override
  public void close() {
    log.close();
  }
}
