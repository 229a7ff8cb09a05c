package ai.starcite.examples.gateway.tails;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailOptions;
import ai.starcite.examples.gateway.Eventually;
import ai.starcite.examples.gateway.SocketClient;
import ai.starcite.examples.gateway.TestGateway;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The feed of a tail")
class TailFeedTest {
  private static final int EVENTS = 500;

  /** A client that takes a frame when it is told to. */
  private static final class SlowFeed extends TailFeed {
    final List<List<Event>> frames = new CopyOnWriteArrayList<>();
    final CompletableFuture<Boolean> finished = new CompletableFuture<>();

    SlowFeed(int batchSize) {
      super(batchSize);
    }

    @Override
    boolean send(List<Event> events) {
      frames.add(List.copyOf(events));
      return false;
    }

    @Override
    void finish(Throwable cause) {
      finished.complete(cause == null);
    }
  }

  private static SessionLog logOf(int events, int payloadBytes) {
    SessionLog log = SessionLog.open(MemorySegmentStore.open());
    log.create(NewSession.ofId("s"));
    Json payload = Json.parse("{\"a\":\"" + "x".repeat(payloadBytes) + "\"}");
    for (int i = 0; i < events; i++) {
      log.append("s", NewEvent.of("t", payload));
    }
    log.seal("s");
    return log;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  @DisplayName("one frame is on its way at a time, none is too long, none is lost, the end is last")
  void frames(int batchSize) {
    try (SessionLog log = logOf(EVENTS, 10)) {
      SlowFeed feed = new SlowFeed(batchSize);
      log.publisher("s", TailOptions.from(0)).subscribe(feed);
      List<Long> seqs = new ArrayList<>();
      for (int frame = 0; seqs.size() < EVENTS; frame++) {
        int next = frame;
        Eventually.until(() -> feed.frames.size() > next);
        assertThat(feed.frames).hasSize(frame + 1);
        assertThat(feed.finished).isNotDone();
        assertThat(feed.frames.get(frame)).hasSizeBetween(1, batchSize);
        feed.frames.get(frame).forEach(event -> seqs.add(event.seq()));
        feed.sent();
      }

      assertThat(feed.finished.join()).isTrue();
      assertThat(seqs).hasSize(EVENTS).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  @DisplayName("of a client that does not take its frame no more than another one is kept")
  void bounded() {
    try (SessionLog log = logOf(40, 200_000)) {
      SlowFeed feed = new SlowFeed(1000);
      log.publisher("s", TailOptions.from(0)).subscribe(feed);
      Eventually.until(() -> feed.cursor() >= 6);
      // What the feed has asked for and holds is a mebibyte, and one event beyond.
      assertThat(feed.takeTurn()).isEqualTo(-1);
      feed.sent();
      Eventually.until(() -> feed.frames.size() == 2);
      assertThat(feed.frames.get(1)).hasSizeLessThanOrEqualTo(6);
      feed.close();
    }
  }

  @Test
  @DisplayName("a feed that is closed lets go of its tail, and sends nothing more")
  void closed() {
    try (SessionLog log = logOf(10, 10)) {
      SlowFeed feed = new SlowFeed(1);
      log.publisher("s", TailOptions.from(0)).subscribe(feed);
      Eventually.until(() -> feed.frames.size() == 1);
      feed.close();
      feed.sent();

      assertThat(feed.frames).hasSize(1);
      assertThat(feed.finished).isNotDone();
    }
  }

  @Test
  @DisplayName("4410 says that the events after the cursor are gone, and where they begin")
  void expired() {
    List<String> sent = new ArrayList<>();
    Session socket =
        (Session)
            Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, args) -> {
                  if (method.getName().equals("sendText")) {
                    sent.add((String) args[0]);
                    ((Callback) args[1]).succeed();
                  } else if (method.getName().equals("close")) {
                    sent.add(args[0] + " " + args[1]);
                  }
                  return null;
                });
    WebSocketTail tail = new WebSocketTail(socket, TailRequest.of("s", Map.of()), 9);
    tail.onError(new SessionLogException(Code.CURSOR_EXPIRED, "gone").withEarliestCursor(5));

    assertThat(sent)
        .containsExactly(
            "{\"type\":\"gap\",\"reason\":\"cursor_expired\",\"from_cursor\":0,\"next_cursor\":5,"
                + "\"earliest_available_cursor\":5,\"committed_cursor\":9}",
            "4410 cursor_expired");
  }

  @Test
  @DisplayName("1011 says that the store failed")
  void storeFails() {
    AtomicBoolean broken = new AtomicBoolean();
    MemorySegmentStore real = MemorySegmentStore.open();
    SegmentStore store =
        (SegmentStore)
            Proxy.newProxyInstance(
                SegmentStore.class.getClassLoader(),
                new Class<?>[] {SegmentStore.class},
                (proxy, method, args) -> {
                  if (broken.get() && method.getName().equals("read")) {
                    return CompletableFuture.failedFuture(
                        new SessionLogException(Code.STORE_UNAVAILABLE, "the disk is gone"));
                  }
                  try {
                    return method.invoke(real, args);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    try (TestGateway gateway = TestGateway.start(store, options -> {})) {
      gateway.create("s");
      gateway.append("s", "a", 1).is(201);
      broken.set(true);
      SocketClient tail = SocketClient.open(gateway, "/v1/sessions/s/tail");

      assertThat(tail.closeCode()).isEqualTo(1011);
      assertThat(tail.reason).isEqualTo("store_unavailable");
      gateway.get("/v1/sessions/s/tail").isError(503, "store_unavailable");
    }
  }
}
