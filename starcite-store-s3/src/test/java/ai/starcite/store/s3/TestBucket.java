package ai.starcite.store.s3;

import ai.starcite.store.s3.internal.client.ObjectClient;
import ai.starcite.store.s3.internal.client.OwnAwsClient;
import ai.starcite.store.s3.internal.client.S3Threads;
import ai.starcite.testkit.contract.StoreData;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * The bucket that the tests use.
 *
 * @param endpoint the address of the server, or null for AWS
 * @param name the name of the bucket
 * @param accessKey the access key, or null for the credentials that the AWS SDK finds
 * @param secretKey the secret of the access key
 */
record TestBucket(URI endpoint, String name, String accessKey, String secretKey) {
  private static final String ENDPOINT = "starcite.s3.endpoint";
  private static final String BUCKET = "starcite.s3.bucket";

  /** Returns the bucket that the system properties name, or one of a server in this process. */
  static TestBucket current() {
    String name = System.getProperty(BUCKET, "");
    return name.isEmpty() ? LocalS3.shared().bucket() : named(name);
  }

  /** The client of all stores that do not make their own; it is never closed. */
  private static final class Shared {
    static final S3AsyncClient CLIENT = client(current());

    private static S3AsyncClient client(TestBucket bucket) {
      AwsCredentialsProvider credentials = bucket.accessKey == null ? null : bucket.credentials();
      return new OwnAwsClient(
              new OwnAwsClient.Settings(
                  bucket.endpoint, null, credentials, bucket.endpoint != null),
              new S3Threads())
          .s3();
    }
  }

  /** Returns settings of a store in the current bucket, with the shared client. */
  static S3SegmentStoreBuilder sharing(String prefix) {
    return S3SegmentStore.builder().client(Shared.CLIENT).bucket(current().name()).prefix(prefix);
  }

  /** Removes all objects of a prefix from the current bucket. */
  static void empty(String prefix) {
    try (ObjectClient client = sharing(prefix).connect()) {
      boolean more = true;
      while (more) {
        ObjectClient.Listed page = StoreData.await(client.list("", "", 1000));
        StoreData.await(
            client.delete(page.objects().stream().map(ObjectClient.Listing::key).toList()));
        more = page.more();
      }
    }
  }

  private static TestBucket named(String name) {
    String endpoint = System.getProperty(ENDPOINT, "");
    return new TestBucket(endpoint.isEmpty() ? null : URI.create(endpoint), name, null, null);
  }

  /** Returns whether somebody else runs the server, so that requests cost time or money. */
  static boolean isElsewhere() {
    return !System.getProperty(BUCKET, "").isEmpty();
  }

  S3SegmentStoreBuilder builder(String prefix) {
    S3SegmentStoreBuilder builder = S3SegmentStore.builder().bucket(name).prefix(prefix);
    Optional.ofNullable(endpoint).ifPresent(builder::endpoint);
    if (accessKey != null) {
      builder.credentials(credentials());
    }
    return builder;
  }

  AwsCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey));
  }

  /** Returns the arguments with which a JVM has this as its current bucket. */
  List<String> jvmArguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add("-D" + BUCKET + "=" + name);
    Optional.ofNullable(endpoint).ifPresent(uri -> arguments.add("-D" + ENDPOINT + "=" + uri));
    System.getProperties().stringPropertyNames().stream()
        .filter(property -> property.startsWith("aws."))
        .forEach(property -> arguments.add("-D" + property + "=" + System.getProperty(property)));
    if (accessKey != null) {
      arguments.add("-Daws.accessKeyId=" + accessKey);
      arguments.add("-Daws.secretAccessKey=" + secretKey);
    }
    return arguments;
  }
}
