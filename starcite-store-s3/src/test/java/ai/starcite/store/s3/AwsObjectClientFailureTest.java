package ai.starcite.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.store.s3.StubServer.Reply;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.ObjectException;
import ai.starcite.store.s3.internal.client.ObjectException.Kind;
import ai.starcite.testkit.contract.StoreData;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

@DisplayName("A client of a server that fails")
class AwsObjectClientFailureTest {
  private final StubServer server = new StubServer();
  private final ObjectClient client = server.bucket().builder("p").connect();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static AbstractThrowableAssert<?, ?> assertFails(CompletionStage<?> stage, Kind kind) {
    return assertThatThrownBy(() -> StoreData.await(stage))
        .isInstanceOfSatisfying(
            ObjectException.class, failure -> assertThat(failure.kind()).isEqualTo(kind));
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @DisplayName("says whether a request may have had an effect, and sends it once")
  @CsvSource({
    "409, ConditionalRequestConflict, UNKNOWN",
    "408, RequestTimeout, UNKNOWN",
    "429, TooManyRequests, BUSY",
    "500, InternalError, UNKNOWN",
    "501, NotImplemented, UNKNOWN",
    "502, '', UNKNOWN",
    "503, SlowDown, BUSY",
    "504, '', UNKNOWN",
    "400, RequestTimeout, UNKNOWN",
    "400, IncompleteBody, UNKNOWN",
    "400, InvalidArgument, REFUSED",
    "403, AccessDenied, REFUSED",
    "403, RequestTimeTooSkewed, REFUSED",
    "404, NoSuchBucket, REFUSED",
    "404, '', REFUSED",
    "301, PermanentRedirect, REFUSED",
    "307, TemporaryRedirect, REFUSED",
    "405, MethodNotAllowed, REFUSED",
  })
  void status_told(int status, String code, Kind kind) {
    List<Supplier<CompletionStage<?>>> requests =
        List.of(
            () -> client.putIfAbsent("a", new byte[1]),
            () -> client.get("a"),
            () -> client.list("", "", 1),
            () -> client.delete(List.of("a")));
    for (var request : requests) {
      server.answerNext(Reply.error(status, code));
      int before = server.received().size();
      assertFails(request.get(), kind).hasMessageContaining((status + " " + code).strip());
      assertThat(server.received()).hasSize(before + 1);
    }
  }

  @Test
  @DisplayName("takes 404 for the end of a session only where the server names the key as missing")
  void absent_named() {
    assertThat(StoreData.await(client.get("a")).bytes()).isNull();
    server.answerNext(Reply.of(404, "<html>not here</html>".getBytes()));
    assertFails(client.get("a"), Kind.REFUSED);
    server.answerNext(Reply.of(404, new byte[0]));
    assertFails(client.get("a"), Kind.REFUSED);
  }

  @Test
  @DisplayName("does not know what came of a put whose answer is lost; the next finds it stored")
  void lostAnswer() {
    server.answerNext(
        request -> {
          server.asS3(request);
          return Reply.dropped();
        });
    assertFails(client.putIfAbsent("a", new byte[1]), Kind.UNKNOWN);
    assertThat(StoreData.await(client.putIfAbsent("a", new byte[1])).stored()).isFalse();
    server.answerNext(Reply.dropped());
    assertFails(client.get("a"), Kind.UNKNOWN);
  }

  @Test
  @DisplayName("does not know what came of a put that was stored and answered with 500")
  void storedThenFailed() {
    server.answerNext(
        request -> {
          server.asS3(request);
          return Reply.error(500, "InternalError");
        });
    assertFails(client.putIfAbsent("a", new byte[1]), Kind.UNKNOWN);
    assertThat(StoreData.await(client.putIfAbsent("a", new byte[1])).stored()).isFalse();
  }

  @Test
  @DisplayName("never passes on a body that was cut off")
  void truncatedBody() {
    byte[] whole = new byte[100_000];
    Reply all = Reply.of(200, whole).with("ETag", "\"1\"");
    for (int kept : new int[] {0, 1, 50_000, 99_999}) {
      server.answerNext(all.cutTo(kept));
      assertFails(client.get("a"), Kind.UNKNOWN);
      server.answerNext(all.inChunks().cutTo(kept));
      assertFails(client.get("a"), Kind.UNKNOWN);
    }
    // Nor on one that may have been.
    server.answerNext(all.inChunks());
    assertFails(client.get("a"), Kind.UNKNOWN);
    server.answerNext(all);
    assertThat(StoreData.await(client.get("a")).bytes()).isEqualTo(whole);
  }

  @Test
  @DisplayName("never takes a listing that was cut off for a short one")
  void truncatedListing() {
    StoreData.await(client.putIfAbsent("a", new byte[1]));
    server.answerNext(request -> server.asS3(request).inChunks().cutTo(60));
    assertFails(client.list("", "", 10), Kind.UNKNOWN);
    server.answerNext(request -> halved(server.asS3(request)));
    assertFails(client.list("", "", 10), Kind.UNKNOWN);
    server.answerNext(Reply.of(200, new byte[0]));
    assertFails(client.list("", "", 10), Kind.UNKNOWN);
  }

  private static Reply halved(Reply reply) {
    return Reply.of(200, Arrays.copyOf(reply.body(), reply.body().length / 2));
  }

  @ParameterizedTest
  @DisplayName(
      "believes no success without its proof: an ETag, a listing, an answer without content")
  @ValueSource(
      strings = {
        "<Error><Code>InternalError</Code><Message>try again</Message></Error>",
        "<html><body>Please log in</body></html>",
        "<ListBucketResult></ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>p/a</Key></Contents>"
            + "</ListBucketResult>",
        "ok"
      })
  void success_proven(String body) {
    List<Supplier<CompletionStage<?>>> requests =
        List.of(
            () -> client.putIfAbsent("a", new byte[1]),
            () -> client.get("a"),
            () -> client.list("", "", 1),
            () -> client.delete(List.of("a")));
    for (var request : requests) {
      server.answerNext(Reply.of(200, body.getBytes()));
      assertFails(request.get(), Kind.UNKNOWN);
    }
    server.answerNext(Reply.of(200, new byte[0]));
    assertFails(client.putIfAbsent("a", new byte[1]), Kind.UNKNOWN);
    server.answerNext(Reply.of(200, new byte[0]));
    StoreData.await(client.delete(List.of("a")));
  }

  @Test
  @DisplayName("does not take a part of an object for the whole")
  void partialContent() {
    server.answerNext(Reply.of(206, new byte[10]).with("ETag", "\"1\""));
    assertFails(client.get("a"), Kind.UNKNOWN);
  }

  @Test
  @DisplayName("gives up a request in time, and the connection with it")
  void timeout_givesUp() {
    try (S3AsyncClient s3 = clientOfOneConnection();
        ObjectClient hasty =
            S3SegmentStore.builder()
                .client(s3)
                .bucket(server.bucket().name())
                .requestTimeout(Duration.ofMillis(200))
                .connect()) {
      for (int i = 0; i < 3; i++) {
        server.answerNext(Reply.none());
        assertFails(hasty.putIfAbsent("a" + i, new byte[1]), Kind.UNKNOWN)
            .hasMessageContaining("PT0.2S");
        server.answerNext(Reply.of(200, new byte[100]).stuckAt(50));
        assertFails(hasty.get("a"), Kind.UNKNOWN).hasMessageContaining("PT0.2S");
      }
      assertThat(StoreData.await(hasty.putIfAbsent("b", new byte[1])).stored()).isTrue();
    }
  }

  private S3AsyncClient clientOfOneConnection() {
    return S3AsyncClient.builder()
        .endpointOverride(server.bucket().endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(server.bucket().credentials())
        .forcePathStyle(true)
        .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(1))
        .build();
  }

  @Test
  @DisplayName("takes a refusal for unknown when the SDK has sent the request before")
  void refused_afterAttempts() {
    try (S3AsyncClient s3 = clientOfOneConnection();
        ObjectClient repeating =
            S3SegmentStore.builder().client(s3).bucket(server.bucket().name()).connect()) {
      server.answerNext(
          request -> {
            server.asS3(request);
            return Reply.error(500, "InternalError");
          });
      server.answerNext(Reply.error(403, "AccessDenied"));
      assertFails(repeating.putIfAbsent("a", new byte[1]), Kind.UNKNOWN);
      server.answerNext(Reply.dropped());
      assertThat(StoreData.await(repeating.putIfAbsent("a", new byte[1])).stored()).isFalse();
    }
  }

  @Test
  @DisplayName("says when the server does not tell its time, or not so that it can be read")
  void noDate() {
    server.answerAll(request -> server.asS3(request).without("Date"));
    assertThat(StoreData.await(client.putIfAbsent("a", new byte[1])).date()).isNull();
    assertThat(StoreData.await(client.putIfAbsent("a", new byte[1])).date()).isNull();
    assertThat(StoreData.await(client.get("a")).date()).isNull();
    assertThat(StoreData.await(client.get("b")).date()).isNull();
    assertThat(StoreData.await(client.list("", "", 1)).date()).isNull();
    server.answerAll(request -> server.asS3(request).with("Date", "yesterday"));
    assertThat(StoreData.await(client.get("a")).date()).isNull();
  }

  @Test
  @DisplayName("deletes the rest, and fails, where one object is not deleted")
  void delete_oneFails() {
    StoreData.await(client.putIfAbsent("a", new byte[1]));
    server.answerNext(Reply.error(500, "InternalError"));
    assertFails(client.delete(List.of("a", "b")), Kind.UNKNOWN);
    server.answerNext(Reply.error(404, "NoSuchKey"));
    StoreData.await(client.delete(List.of("a")));
  }

  @Test
  @DisplayName("does not know what came of what is under way when it is closed")
  void close_underWay() {
    server.answerNext(Reply.none());
    CompletionStage<?> put = client.putIfAbsent("a", new byte[1]);
    client.close();
    assertFails(put, Kind.UNKNOWN).hasMessageContaining("closed");
  }

  @Test
  @DisplayName("does not know what came of a request without a connection")
  void unreachable() {
    server.close();
    assertFails(client.putIfAbsent("a", new byte[1]), Kind.UNKNOWN)
        .hasMessageContaining("PUT s3://stub/p/a");
  }
}
