package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A storm")
class StormTest {
  private static final int TAILS = 200;
  private static final int WRITERS = 50;

  /** So many milliseconds a writer leaves between an answer and its next event. */
  private static final int PACE_MILLIS = 50;

  /** Sums up what a tail shows, whatever its frames are. */
  private static final class Reader implements WebSocket.Listener {
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final CRC32C sum = new CRC32C();
    private final StringBuilder partial = new StringBuilder();
    long events;

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        String inner = partial.substring(1, partial.length() - 1) + ",";
        sum.update(inner.getBytes(StandardCharsets.UTF_8));
        for (int at = inner.indexOf("{\"seq\":");
            at >= 0;
            at = inner.indexOf("{\"seq\":", at + 1)) {
          events++;
        }
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }

  @Test
  @DisplayName("200 tails see what 50 writers write, all in the same sequence")
  void storm() throws Exception {
    long seconds = Long.getLong("starcite.storm.seconds", 30);
    try (TestGateway gateway = TestGateway.start()) {
      gateway.create("s");
      List<Reader> readers = new ArrayList<>();
      for (int i = 0; i < TAILS; i++) {
        readers.add(open(gateway, "?batch_size=256"));
      }
      ScheduledExecutorService pace = Executors.newScheduledThreadPool(2);
      AtomicLong written = new AtomicLong();
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      long deadline = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      for (int i = 0; i < WRITERS; i++) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        writers.add(done);
        write(gateway, pace, "w" + i, 1, deadline, written, done);
      }
      CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new))
          .get(seconds + 120, TimeUnit.SECONDS);
      pace.shutdown();
      gateway.post("/v1/sessions/s/seal").is(200);

      Reader later = open(gateway, "?batch_size=1000");
      assertThat(later.closed.get(120, TimeUnit.SECONDS)).isEqualTo(1000);
      assertThat(later.events).isEqualTo(written.get()).isGreaterThan(WRITERS);
      for (Reader reader : readers) {
        assertThat(reader.closed.get(120, TimeUnit.SECONDS)).isEqualTo(1000);
        assertThat(reader.events).isEqualTo(written.get());
        assertThat(reader.sum.getValue()).isEqualTo(later.sum.getValue());
      }
    }
  }

  private static Reader open(TestGateway gateway, String query) {
    Reader reader = new Reader();
    URI uri =
        URI.create(gateway.gateway.url().replace("http:", "ws:") + "/v1/sessions/s/tail" + query);
    gateway.http.newWebSocketBuilder().buildAsync(uri, reader).join();
    return reader;
  }

  private static void write(
      TestGateway gateway,
      ScheduledExecutorService pace,
      String writer,
      long seq,
      long deadline,
      AtomicLong written,
      CompletableFuture<Void> done) {
    HttpRequest append =
        gateway
            .to("/v1/sessions/s/append")
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"type\":\"t\",\"payload\":{\"n\":%d},\"producer_id\":\"%s\",\"producer_seq\":%d}"
                        .formatted(seq, writer, seq)))
            .build();
    gateway
        .http
        .sendAsync(append, HttpResponse.BodyHandlers.ofString())
        .whenComplete(
            (answer, failure) -> {
              if (failure != null || answer.statusCode() != 201) {
                done.completeExceptionally(
                    failure != null ? failure : new AssertionError(answer.body()));
                return;
              }
              written.incrementAndGet();
              if (System.nanoTime() > deadline) {
                done.complete(null);
              } else {
                pace.schedule(
                    () -> write(gateway, pace, writer, seq + 1, deadline, written, done),
                    PACE_MILLIS,
                    TimeUnit.MILLISECONDS);
              }
            });
  }
}
