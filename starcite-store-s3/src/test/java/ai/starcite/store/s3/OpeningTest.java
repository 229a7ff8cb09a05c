package ai.starcite.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.testkit.contract.StoreData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

@DisplayName("Opening a store in a bucket")
class OpeningTest {
  private final OwnThreads threads = new OwnThreads();
  private final LocalS3 server = new LocalS3();
  private final String prefix = "t" + UUID.randomUUID();

  @AfterEach
  void close() {
    server.close();
  }

  private S3SegmentStoreBuilder builder() {
    return server.bucket().builder(prefix);
  }

  private List<String> keys() {
    try (ObjectClient client = builder().connect()) {
      return StoreData.await(client.list("", "", 1000)).objects().stream()
          .map(ObjectClient.Listing::key)
          .toList();
    }
  }

  private void put(String key, String content) {
    try (ObjectClient client = builder().connect()) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      assertThat(StoreData.await(client.putIfAbsent(key, bytes)).stored()).isTrue();
    }
  }

  private AbstractThrowableAssert<?, ?> assertFails(S3SegmentStoreBuilder builder, Code code) {
    AbstractThrowableAssert<?, ?> failure =
        assertThatThrownBy(() -> builder.open().close())
            .isInstanceOfSatisfying(
                SessionLogException.class, e -> assertThat(e.code()).isEqualTo(code));
    threads.assertEnd();
    return failure;
  }

  @Test
  @DisplayName("marks the prefix, leaves nothing else, and can be done again")
  void open_marks() {
    builder().open().close();
    assertThat(keys()).containsExactly("format");
    builder().open().close();
    assertThat(keys()).containsExactly("format");
    threads.assertEnd();
    try (S3SegmentStore store = builder().skipProbe().open()) {
      StoreData.await(store.load("nobody"));
      assertThat(store.requests().puts()).isZero();
      assertThat(store.requests().lists()).isPositive();
    }
  }

  @Test
  @DisplayName("closes the client only if it made it")
  void close_clientOfUser() {
    try (S3AsyncClient s3 =
        S3AsyncClient.builder()
            .endpointOverride(server.bucket().endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(server.bucket().credentials())
            .forcePathStyle(true)
            .build()) {
      String bucket = server.bucket().name();
      S3SegmentStore.builder().client(s3).bucket(bucket).prefix(prefix).open().close();
      assertThat(s3.listBuckets().join().buckets()).isNotEmpty();
    }
  }

  @Test
  @DisplayName("refuses a prefix of a newer format, of another grace, or of something else")
  void open_otherMarker() {
    builder().grace(Duration.ofHours(2)).skipProbe().open().close();
    assertFails(builder(), Code.STORE_UNAVAILABLE).hasMessageContaining("grace of PT2H, not PT24H");
    try (ObjectClient client = builder().connect()) {
      StoreData.await(client.delete(List.of("format")));
    }
    put("format", "starcite-s3 2\ngrace PT24H\n");
    assertFails(builder(), Code.STORE_UNAVAILABLE)
        .hasMessageContaining("format 2")
        .hasMessageContaining("use a newer one");
    try (ObjectClient client = builder().connect()) {
      StoreData.await(client.delete(List.of("format")));
    }
    put("format", "PNG");
    assertFails(builder(), Code.STORE_UNAVAILABLE).hasMessageContaining("prefix of its own");
    try (ObjectClient client = builder().connect()) {
      StoreData.await(client.delete(List.of("format")));
    }
    put("format", "starcite-s3 1\n");
    assertFails(builder(), Code.CORRUPT).hasMessageContaining("damaged");
  }

  @Test
  @DisplayName("says which bucket is missing")
  void open_noBucket() {
    assertFails(builder().bucket("not-there"), Code.STORE_UNAVAILABLE)
        .hasMessageContaining("create the bucket not-there");
  }

  @Test
  @DisplayName("says that the credentials are wrong")
  void open_wrongCredentials() {
    for (AwsBasicCredentials wrong :
        List.of(
            AwsBasicCredentials.create(LocalS3.ACCESS_KEY, "wrong"),
            AwsBasicCredentials.create("wrong", LocalS3.SECRET_KEY))) {
      assertFails(
              builder().credentials(StaticCredentialsProvider.create(wrong)),
              Code.STORE_UNAVAILABLE)
          .hasMessageContaining("check the credentials");
    }
  }

  @Test
  @DisplayName("says that the server cannot be reached")
  void open_unreachable() {
    S3SegmentStoreBuilder builder = builder();
    server.stop();
    assertFails(builder, Code.STORE_UNAVAILABLE)
        .hasMessageContaining("check that the endpoint can be reached");
    server.startAgain();
    builder.open().close();
  }

  @Test
  @DisplayName("names the library that a web identity needs")
  void open_webIdentityWithoutSts() {
    assumeTrue(System.getenv("AWS_ACCESS_KEY_ID") == null, "the SDK would take these credentials");
    Properties before = (Properties) System.getProperties().clone();
    System.getProperties().keySet().removeIf(key -> key.toString().startsWith("aws."));
    System.setProperty("aws.webIdentityTokenFile", "/var/run/secrets/token");
    try {
      S3SegmentStoreBuilder builder =
          S3SegmentStore.builder().endpoint(server.bucket().endpoint()).bucket("starcite");
      assertFails(builder, Code.STORE_UNAVAILABLE)
          .hasMessageContaining("software.amazon.awssdk:sts")
          .hasMessageContaining("/var/run/secrets/token");
    } finally {
      System.setProperties(before);
    }
  }

  @Test
  @DisplayName("refuses settings that do not fit together, and says how they would")
  void open_invalid() {
    assertFails(builder().bucket(""), Code.INVALID).hasMessageContaining("no bucket");
    assertFails(builder().bucket("b--euc1-az1--x-s3"), Code.INVALID)
        .hasMessageContaining("directory bucket");
    for (String wrong : List.of("/a", "a//b", "a/../b", ".", "a b", "é", "a/b//")) {
      assertFails(builder().prefix(wrong), Code.INVALID).hasMessageContaining("prefix");
    }
    assertFails(builder().prefix("x".repeat(513)), Code.INVALID).hasMessageContaining("512");
    try (S3AsyncClient s3 = S3AsyncClient.builder().region(Region.US_EAST_1).build()) {
      assertFails(builder().client(s3), Code.INVALID).hasMessageContaining("both a client");
    }
    assertThatThrownBy(() -> builder().grace(Duration.ofMinutes(9)))
        .hasMessageContaining("at least PT10M");
    assertThatThrownBy(() -> builder().linger(Duration.ofSeconds(2)))
        .hasMessageContaining("zero to 1 second");
    assertThatThrownBy(() -> builder().requestTimeout(Duration.ZERO))
        .hasMessageContaining("more than zero");
    assertThatThrownBy(() -> builder().openTimeout(Duration.ZERO))
        .hasMessageContaining("more than zero");
    assertThatThrownBy(() -> builder().cacheBytes(1)).hasMessageContaining("at least 1048576");
  }

  @Test
  @DisplayName("takes a prefix with a slash at its end for the same as without")
  void open_slash() {
    builder().grace(Duration.ofHours(2)).skipProbe().open().close();
    assertFails(builder().prefix(prefix + "/"), Code.STORE_UNAVAILABLE)
        .hasMessageContaining("grace of PT2H");
  }
}
