package ai.starcite.internal.log;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.CreateResult;
import ai.starcite.Event;
import ai.starcite.LogObserver;
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
import ai.starcite.TailSubscription;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.Limits;
import ai.starcite.internal.append.AppendTimeouts;
import ai.starcite.internal.append.ByteBudget;
import ai.starcite.internal.append.Completions;
import ai.starcite.internal.commit.CommitContext;
import ai.starcite.internal.events.EventPages;
import ai.starcite.internal.events.PageCache;
import ai.starcite.internal.open.OpenSession;
import ai.starcite.internal.open.OpenSessions;
import ai.starcite.internal.segment.SegmentWriter;
import ai.starcite.internal.session.SessionLoader;
import ai.starcite.internal.store.StoreCalls;
import ai.starcite.internal.store.StoresInUse;
import ai.starcite.internal.tail.PushFaces;
import ai.starcite.internal.tail.TailOpener;
import ai.starcite.internal.threads.LogThreads;
import ai.starcite.internal.threads.SafeObserver;
import ai.starcite.internal.threads.StackRoom;
import ai.starcite.internal.threads.Waits;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.SessionKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A session log over a segment store. */
public final class StoredSessionLog implements SessionLog {
  private final SegmentStore store;
  private final LogSettings settings;
  private final LogThreads threads;
  private final LogObserver observer;
  private final Completions completions;
  private final SessionRecords records;
  private final PublishedSessions published;
  private final StoreCalls storeCalls;
  private final CommitContext context;
  private final OpenSessions sessions;
  private final Appends appends;
  private final Tails tails;
  private final boolean shared;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private StoredSessionLog(SegmentStore store, LogSettings settings) {
    this.store = store;
    this.settings = settings;
    this.shared = store.capabilities().shared();
    this.threads =
        new LogThreads(
            settings.waits(),
            settings.executor(),
            settings.scheduler(),
            settings.observer() != null);
    LogObserver given = settings.observer();
    this.observer =
        given == null ? new LogObserver() {} : new SafeObserver(given, threads.observer());
    this.completions = new Completions(threads.callbacks(), settings.waits());
    long timeoutNanos = Limits.nanos(settings.appendTimeout());
    this.storeCalls =
        new StoreCalls(settings.waits(), timeoutNanos, settings.random(), closing::get);
    InstantSource clock = new WireClock(settings.clock());
    this.records = new SessionRecords(store, storeCalls, clock, settings.random());
    PageCache cache = new PageCache(settings.pageCacheBytes());
    SessionLoader loader =
        new SessionLoader(
            store, threads.waker(), key -> new EventPages(key, store, cache, observer::onPageRead));
    this.context =
        new CommitContext(
            store,
            shared,
            settings.maxProducers(),
            new ByteBudget(settings.maxPendingBytes(), settings.waits()),
            clock,
            settings.random(),
            completions,
            threads.waker(),
            threads.timer(),
            observer,
            new AppendTimeouts(threads.timer(), settings.waits()),
            new AtomicInteger(),
            settings.waits());
    this.sessions = new OpenSessions(context, loader, settings.sessionCacheBytes());
    this.appends =
        new Appends(
            sessions, context, settings.maxEventBytes(), timeoutNanos, settings.maxPendingBytes());
    this.published = new PublishedSessions(records, sessions, appends, shared);
    this.tails =
        new Tails(
            new TailOpener(sessions),
            appends,
            storeCalls,
            new PushFaces(threads.callbacks(), observer::onTailEnded),
            observer,
            settings.waits(),
            sessionId -> shared || sessions.mayBeOver(sessionId));
  }

  /** Opens a log. */
  public static SessionLog open(SegmentStore store, LogSettings settings) {
    StackRoom.require();
    int needed =
        Limits.BATCH_BYTES
            + Limits.BATCH_EVENTS * SegmentWriter.RECORD_OVERHEAD
            + SegmentWriter.SEGMENT_OVERHEAD;
    int most = store.capabilities().maxSegmentBytes();
    if (most < needed) {
      throw Limits.invalid(
          "the store holds segments of %d bytes, but a full batch needs %d; use another store"
              .formatted(most, needed));
    }
    if (store.capabilities().shared()) {
      return new StoredSessionLog(store, settings);
    }
    StoresInUse.take(store);
    try {
      return new StoredSessionLog(store, settings);
    } catch (RuntimeException | Error e) {
      StoresInUse.release(store);
      throw e;
    }
  }

  @Override
  public Session create(NewSession session) {
    CreateResult result = createIfAbsent(session);
    if (!result.isNew()) {
      throw new SessionLogException(
          Code.SESSION_EXISTS,
          "session " + result.session().id() + " exists; use it, or choose another id");
    }
    return result.session();
  }

  @Override
  public CreateResult createIfAbsent(NewSession session) {
    requireOpen(session, "session");
    CreateResult result = records.createIfAbsent(session);
    if (!result.isNew()) {
      return new CreateResult(published.published(result.session()), false);
    }
    sessions.created(new SessionKey(result.session().id(), result.session().incarnation()));
    return result;
  }

  @Override
  public Session get(String sessionId) {
    requireOpen(sessionId);
    return published.get(sessionId);
  }

  @Override
  public Session update(String sessionId, SessionUpdate update) {
    requireOpen(sessionId);
    Objects.requireNonNull(update, "update");
    return published.changed(records.update(sessionId, update));
  }

  @Override
  public Session archive(String sessionId) {
    requireOpen(sessionId);
    return published.changed(records.setArchived(sessionId, true));
  }

  @Override
  public Session unarchive(String sessionId) {
    requireOpen(sessionId);
    return published.changed(records.setArchived(sessionId, false));
  }

  @Override
  public Session seal(String sessionId) {
    requireOpen(sessionId);
    return published.seal(sessionId);
  }

  @Override
  public SessionPage list(SessionQuery query) {
    requireOpen(query, "query");
    return records.list(query);
  }

  @Override
  public void delete(String sessionId) {
    requireOpen(sessionId);
    published.delete(sessionId);
  }

  @Override
  public AppendResult append(String sessionId, NewEvent event, AppendOptions options) {
    requireOpen(sessionId);
    Objects.requireNonNull(event, "event");
    return appends.append(sessionId, List.of(event), options).get(0);
  }

  @Override
  public CompletableFuture<AppendResult> appendAsync(
      String sessionId, NewEvent event, AppendOptions options) {
    requireOpen(sessionId);
    Objects.requireNonNull(event, "event");
    return appends.appendAsync(sessionId, List.of(event), options, results -> results.get(0));
  }

  @Override
  public List<AppendResult> appendAll(
      String sessionId, List<NewEvent> events, AppendOptions options) {
    requireOpen(sessionId);
    return appends.append(sessionId, events, options);
  }

  @Override
  public CompletableFuture<List<AppendResult>> appendAllAsync(
      String sessionId, List<NewEvent> events, AppendOptions options) {
    requireOpen(sessionId);
    return appends.appendAsync(sessionId, events, options, results -> results);
  }

  @Override
  public Tail tail(String sessionId, TailOptions options) {
    requireOpen(sessionId);
    return tails.tail(sessionId, options);
  }

  @Override
  public TailSubscription subscribe(String sessionId, TailOptions options, TailListener listener) {
    return subscribe(sessionId, options, listener, threads.callbacks());
  }

  @Override
  public TailSubscription subscribe(
      String sessionId, TailOptions options, TailListener listener, Executor executor) {
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(executor, "executor");
    requireOpen(sessionId);
    return tails.subscribe(sessionId, options, listener, executor);
  }

  @Override
  public Flow.Publisher<Event> publisher(String sessionId, TailOptions options) {
    requireOpen(sessionId);
    return tails.publisher(sessionId, options, () -> requireOpen(sessionId));
  }

  @Override
  public Optional<Producer.Position> producerPosition(
      String sessionId, String producerId, AppendOptions options) {
    requireOpen(sessionId);
    Objects.requireNonNull(producerId, "producerId");
    Objects.requireNonNull(options, "options");
    Limits.requireString("producerId", producerId);
    while (true) {
      appends.barrier(sessionId, options);
      storeCalls.read(() -> sessions.head(sessionId));
      OpenSession session = sessions.session(sessionId);
      Optional<Optional<Producer.Position>> position =
          session.position(producerId, options.incarnation());
      if (position.isPresent()) {
        return position.get();
      }
    }
  }

  @Override
  public Producer producer(String sessionId, String producerId) {
    OneProducerLog own =
        new OneProducerLog(
            appends,
            sessions,
            context,
            threads.callbacks(),
            () -> requireOpen(sessionId),
            sessionId,
            producerId);
    return CoreAccess.access().producer(this, own, sessionId, producerId, settings.appendTimeout());
  }

  @Override
  public void close() {
    StackRoom.require();
    if (!closing.compareAndSet(false, true)) {
      awaitClosed();
      return;
    }
    long deadline = settings.waits().nanoTime() + Limits.nanos(settings.closeTimeout());
    try {
      completions.refuse(closedFailure());
      sessions.hurry();
      completions.await(deadline);
    } finally {
      endAll(deadline);
    }
  }

  private void endAll(long deadline) {
    try {
      sessions.close(closedFailure());
    } finally {
      try {
        threads.close(deadline);
      } finally {
        StoresInUse.release(store);
        try {
          if (settings.closesStore()) {
            store.close();
          }
        } finally {
          closed.countDown();
        }
      }
    }
  }

  /** Waits for another close, unless that one may be waiting for this thread. */
  private void awaitClosed() {
    if (settings.waits() == Waits.SYSTEM && !threads.areOnThisOne()) {
      LogThreads.await(closed);
    }
  }

  private void requireOpen(String sessionId) {
    StackRoom.require();
    Limits.requireSessionId(sessionId);
    if (closing.get()) {
      throw closedFailure();
    }
  }

  private void requireOpen(Object argument, String name) {
    StackRoom.require();
    Objects.requireNonNull(argument, name);
    if (closing.get()) {
      throw closedFailure();
    }
  }

  private static SessionLogException closedFailure() {
    return new SessionLogException(Code.CLOSED, "the log is closed; open another one");
  }
}
