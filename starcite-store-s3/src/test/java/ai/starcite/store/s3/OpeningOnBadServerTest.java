package ai.starcite.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.store.s3.StubServer.Reply;
import ai.starcite.store.s3.StubServer.Request;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.testkit.contract.StoreData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Opening a store on a server that cannot be relied upon")
class OpeningOnBadServerTest {
  private final StubServer server = new StubServer();

  @AfterEach
  void close() {
    server.close();
  }

  private S3SegmentStoreBuilder builder() {
    return server.bucket().builder("p");
  }

  private AbstractThrowableAssert<?, ?> assertFails() {
    return assertThatThrownBy(() -> builder().open().close())
        .isInstanceOfSatisfying(
            SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.STORE_UNAVAILABLE));
  }

  private List<String> keys() {
    try (ObjectClient client = builder().connect()) {
      return StoreData.await(client.list("", "", 1000)).objects().stream()
          .map(ObjectClient.Listing::key)
          .toList();
    }
  }

  @Test
  @DisplayName("takes 165 requests, and 2 without the probe")
  void probe_cost() {
    builder().open().close();
    assertThat(server.received()).hasSize(165);
    builder().prefix("other").skipProbe().open().close();
    assertThat(server.received()).hasSize(167);
  }

  @Test
  @DisplayName("refuses one that ignores conditions, and leaves nothing of the probe")
  void probe_conditionsIgnored() {
    server.answerAll(
        request -> {
          Reply reply = server.asS3(request);
          return reply.status() == 412 ? Reply.of(200, new byte[0]).with("ETag", "\"1\"") : reply;
        });
    assertFails()
        .hasMessageContaining("not safe to use")
        .hasMessageContaining("of 8 requests that raced to store one free key")
        .hasMessageContaining("8 were acknowledged")
        .hasMessageContaining("lose its events");
    assertThat(keys()).isEmpty();
  }

  @Test
  @DisplayName("refuses one that lets two win now and then")
  void probe_oneRaceLost() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    server.answerAll(
        request -> {
          Reply reply = server.asS3(request);
          boolean lastRace = request.target().endsWith("/15");
          return lastRace && reply.status() == 412 && seen.add("second winner")
              ? Reply.of(200, new byte[0]).with("ETag", "\"1\"")
              : reply;
        });
    assertFails().hasMessageContaining("2 were acknowledged");
    assertThat(keys()).isEmpty();
  }

  @Test
  @DisplayName("refuses one that knows no conditions")
  void probe_notImplemented() {
    server.answerAll(
        request ->
            request.method().equals("PUT")
                ? Reply.error(501, "NotImplemented")
                : server.asS3(request));
    assertFails().hasMessageContaining("If-None-Match: *");
  }

  @Test
  @DisplayName("refuses one that does not list what it has just stored")
  void probe_listsLate() {
    server.answerAll(
        request ->
            isListing(request)
                ? Reply.of(
                    200,
                    "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
                        .getBytes())
                : server.asS3(request));
    assertFails().hasMessageContaining("it lists []");
  }

  private static boolean isListing(Request request) {
    return request.method().equals("GET") && request.target().contains("list-type=2");
  }

  @Test
  @DisplayName("refuses one that reads something else than it stored")
  void probe_readsOther() {
    server.answerAll(
        request ->
            request.method().equals("GET") && request.target().endsWith("/03")
                ? Reply.of(200, "old".getBytes()).with("ETag", "\"1\"")
                : server.asS3(request));
    assertFails().hasMessageContaining("reads differently from what was just stored");
  }

  @Test
  @DisplayName("does not mind answers that are lost, refused for now, or in conflict")
  void probe_patient() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    server.answerAll(
        request -> {
          Reply reply = server.asS3(request);
          boolean first = seen.add(request.method() + request.target());
          if (!first) {
            return reply;
          }
          return switch (seen.size() % 4) {
            case 0 -> Reply.dropped();
            case 1 -> Reply.error(503, "SlowDown");
            case 2 -> Reply.error(409, "ConditionalRequestConflict");
            default -> Reply.error(500, "InternalError");
          };
        });
    builder().open().close();
    server.answerAll(server::asS3);
    assertThat(keys()).containsExactly("format");
  }

  @Test
  @DisplayName("removes what an earlier probe has left a day ago")
  void probe_leftBehind() {
    server.answerAll(
        request -> {
          Reply reply = server.asS3(request);
          return isListing(request)
              ? Reply.of(
                  200,
                  new String(reply.body())
                      .replaceAll("(probe/left</Key><LastModified>)[^<]*", "$12020-01-01T00:00:00Z")
                      .getBytes())
              : reply;
        });
    try (ObjectClient client = builder().connect()) {
      StoreData.await(client.putIfAbsent("probe/left", new byte[1]));
      StoreData.await(client.putIfAbsent("probe/other", new byte[1]));
    }
    builder().open().close();
    assertThat(keys()).containsExactly("format", "probe/other");
  }

  @Test
  @DisplayName("says that this machine's clock is wrong")
  void clock() {
    Instant behind = Instant.now().minus(Duration.ofHours(1));
    server.answerAll(request -> server.asS3(request).with("Date", StubObjects.date(behind)));
    assertFails()
        .hasMessageContaining("seconds ahead of")
        .hasMessageContaining("correct this machine's clock");
    Instant ahead = Instant.now().plus(Duration.ofHours(1));
    server.answerAll(request -> server.asS3(request).with("Date", StubObjects.date(ahead)));
    assertFails().hasMessageContaining("seconds behind that of");
    server.answerAll(
        request -> Reply.error(403, "RequestTimeTooSkewed").with("Date", StubObjects.date(ahead)));
    assertFails().hasMessageContaining("correct this machine's clock");
    server.answerAll(request -> server.asS3(request).without("Date"));
    assertFails().hasMessageContaining("no Date header");
  }

  @Test
  @DisplayName("says which region the bucket is in")
  void region() {
    server.answerAll(
        request ->
            Reply.error(301, "PermanentRedirect").with("x-amz-bucket-region", "eu-central-1"));
    assertFails().hasMessageContaining("set region(…) to eu-central-1");
    server.answerAll(request -> Reply.error(400, "AuthorizationHeaderMalformed"));
    assertFails().hasMessageContaining("set region(…) to the region of the bucket");
  }

  @Test
  @DisplayName("says which permissions are missing, or that it is no S3 server")
  void refused() {
    server.answerAll(request -> Reply.error(403, "AccessDenied"));
    assertFails().hasMessageContaining("s3:ListBucket").hasMessageContaining("s3://stub/p/*");
    server.answerAll(request -> Reply.of(404, "<html>not here</html>".getBytes()));
    assertFails().hasMessageContaining("not seem to be an S3 server");
    server.answerAll(
        request ->
            request.method().equals("DELETE")
                ? Reply.error(403, "AccessDenied")
                : server.asS3(request));
    assertFails().hasMessageContaining("s3:DeleteObject");
  }

  @Test
  @DisplayName("ends in time where nothing answers, and when the thread is interrupted")
  void time() {
    server.answerAll(request -> Reply.none());
    assertThatThrownBy(() -> builder().openTimeout(Duration.ofMillis(300)).open())
        .hasMessageContaining("could not be opened in PT0.3S");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> builder().open())
        .isInstanceOfSatisfying(
            SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
  }
}
