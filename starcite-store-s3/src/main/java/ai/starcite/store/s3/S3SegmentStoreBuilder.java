package ai.starcite.store.s3;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.internal.client.AwsObjectClient;
import ai.starcite.store.s3.internal.client.BucketPlace;
import ai.starcite.store.s3.internal.client.OwnAwsClient;
import ai.starcite.store.s3.internal.client.S3Threads;
import ai.starcite.store.s3.internal.opening.Opening;
import ai.starcite.store.s3.internal.opening.OpeningRequests;
import ai.starcite.store.s3.internal.protocol.Environment;
import ai.starcite.store.s3.internal.protocol.ProtocolFactory;
import ai.starcite.store.s3.internal.protocol.S3Settings;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Configures and opens a store in S3. Only the bucket is required. All processes that use one
 * bucket and prefix must use the same {@link #grace}. Not thread-safe.
 */
public final class S3SegmentStoreBuilder {
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(60);

  private @Nullable S3AsyncClient client;
  private @Nullable URI endpoint;
  private @Nullable Region region;
  private @Nullable AwsCredentialsProvider credentials;
  private @Nullable Boolean pathStyle;
  private String bucket = "";
  private String prefix = "";
  private Duration requestTimeout = Duration.ofSeconds(10);
  private Duration openTimeout = Duration.ofSeconds(60);
  private boolean probe = true;
  private S3Settings settings = S3Settings.DEFAULT;
  private S3Notifier notifier = new NoNotifier();

  S3SegmentStoreBuilder() {}

  /**
   * Sets the client to use. The store does not close it. Limit its retries, because the store
   * retries too. For a server other than AWS, switch off chunked encoding, and calculate checksums
   * only where they are required.
   *
   * @param client the client; by default the store makes one, and closes it
   * @return this builder
   */
  public S3SegmentStoreBuilder client(S3AsyncClient client) {
    this.client = Objects.requireNonNull(client, "client");
    return this;
  }

  /**
   * Sets the address of a server other than AWS.
   *
   * @param endpoint the address; AWS in the region by default
   * @return this builder
   */
  public S3SegmentStoreBuilder endpoint(URI endpoint) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    return this;
  }

  /**
   * Sets the region of the bucket.
   *
   * @param region the region; by default what the AWS SDK finds in {@code AWS_REGION} or a profile,
   *     or {@code us-east-1} if an endpoint is given
   * @return this builder
   */
  public S3SegmentStoreBuilder region(Region region) {
    this.region = Objects.requireNonNull(region, "region");
    return this;
  }

  /**
   * Sets where credentials come from. The store does not close the provider.
   *
   * @param credentials the provider; the AWS SDK's default chain by default
   * @return this builder
   */
  public S3SegmentStoreBuilder credentials(AwsCredentialsProvider credentials) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    return this;
  }

  /**
   * Sets whether requests name the bucket in the path, rather than in the host name.
   *
   * @param pathStyle true by default if an endpoint is given, else false
   * @return this builder
   */
  public S3SegmentStoreBuilder pathStyle(boolean pathStyle) {
    this.pathStyle = pathStyle;
    return this;
  }

  /**
   * Sets the bucket, which must exist.
   *
   * @param bucket its name or ARN; directory buckets are not supported
   * @return this builder
   */
  public S3SegmentStoreBuilder bucket(String bucket) {
    this.bucket = Objects.requireNonNull(bucket, "bucket");
    return this;
  }

  /**
   * Sets the prefix of all keys. Nothing else may be stored under it.
   *
   * @param prefix parts separated by slashes, up to 512 bytes; none by default
   * @return this builder
   */
  public S3SegmentStoreBuilder prefix(String prefix) {
    this.prefix = Objects.requireNonNull(prefix, "prefix");
    return this;
  }

  /**
   * Sets how long superseded objects are kept, because another process may still be reading them. A
   * process that was paused for longer re-reads its sessions when it resumes. All processes must
   * use the same value; opening fails if the store was created with another one.
   *
   * @param grace at least 10 minutes; 24 hours by default
   * @return this builder
   */
  public S3SegmentStoreBuilder grace(Duration grace) {
    if (grace.compareTo(S3Settings.SHORTEST_GRACE) < 0) {
      throw invalid("grace is " + grace + "; it must be at least " + S3Settings.SHORTEST_GRACE);
    }
    settings = settings.withGrace(grace);
    return this;
  }

  /**
   * Sets whether every answer is checked against a new snapshot, so that no clock is relied on.
   * This costs two more requests per answer.
   *
   * @param strict false by default
   * @return this builder
   */
  public S3SegmentStoreBuilder strict(boolean strict) {
    settings = settings.withStrict(strict);
    return this;
  }

  /**
   * Sets how long to collect events of a session after a write, before the next request stores them
   * together. An event waits for the request under way, and then at most this long. The first event
   * after a pause is stored at once, and so is an event that a thread waits for. While the server
   * throttles requests, and for ten seconds after, the time is five times as long.
   *
   * @param linger zero to 1 second; 50 milliseconds by default
   * @return this builder
   */
  public S3SegmentStoreBuilder linger(Duration linger) {
    if (linger.isNegative() || linger.compareTo(Duration.ofSeconds(1)) > 0) {
      throw invalid("linger is " + linger + "; it must be zero to 1 second");
    }
    settings = settings.withLinger(linger);
    return this;
  }

  /**
   * Sets whether this process compacts the sessions that it appends to, and removes objects that
   * are no longer needed. If not, call {@link S3SegmentStore#maintain} somewhere.
   *
   * @param maintains true by default
   * @return this builder
   */
  public S3SegmentStoreBuilder maintains(boolean maintains) {
    settings = settings.withMaintains(maintains);
    return this;
  }

  /**
   * Sets the approximate memory limit for events that were read, and again for what is known of
   * sessions.
   *
   * @param bytes at least 1 MiB; 64 MiB by default
   * @return this builder
   */
  public S3SegmentStoreBuilder cacheBytes(long bytes) {
    if (bytes < 1 << 20) {
      throw invalid("cacheBytes is " + bytes + "; it must be at least " + (1 << 20));
    }
    settings = settings.withCacheBytes(bytes);
    return this;
  }

  /**
   * Sets what carries hints between processes, so that tails see events sooner than by polling.
   *
   * @param notifier none by default
   * @return this builder
   */
  public S3SegmentStoreBuilder notifier(S3Notifier notifier) {
    this.notifier = Objects.requireNonNull(notifier, "notifier");
    return this;
  }

  /**
   * Sets how long one request may take before it is sent again.
   *
   * @param timeout more than zero, up to 60 seconds; 10 seconds by default
   * @return this builder
   */
  public S3SegmentStoreBuilder requestTimeout(Duration timeout) {
    if (!isPositive(timeout) || timeout.compareTo(LONGEST_REQUEST) > 0) {
      throw invalid(
          "requestTimeout is " + timeout + "; it must be more than zero, up to " + LONGEST_REQUEST);
    }
    this.requestTimeout = timeout;
    return this;
  }

  /**
   * Sets how long opening the store may take.
   *
   * @param timeout more than zero; 60 seconds by default
   * @return this builder
   */
  public S3SegmentStoreBuilder openTimeout(Duration timeout) {
    if (!isPositive(timeout)) {
      throw invalid("openTimeout is " + timeout + "; it must be more than zero");
    }
    this.openTimeout = timeout;
    return this;
  }

  /**
   * Skips the probe that checks at opening whether the server provides what the store relies on.
   * The probe takes 165 small requests, and is worth running the first time that a server, or a new
   * version of it, is used. On a server that fails it, acknowledged events are lost.
   *
   * @return this builder
   */
  public S3SegmentStoreBuilder skipProbe() {
    this.probe = false;
    return this;
  }

  /** Changes settings that are not public. For tests. */
  S3SegmentStoreBuilder settings(UnaryOperator<S3Settings> change) {
    settings = change.apply(settings);
    return this;
  }

  /**
   * Opens the store: checks that the bucket can be used, and marks the prefix as used. Blocks.
   *
   * @return an open store
   * @throws SessionLogException {@code INVALID} if the settings contradict each other; {@code
   *     STORE_UNAVAILABLE} if the bucket cannot be used, the server lacks what the store relies on,
   *     or the prefix is used by something else, by a newer version, or with another grace; {@code
   *     CANCELLED} if the thread is interrupted
   */
  public S3SegmentStore open() {
    AwsObjectClient objects = connect();
    boolean opened = false;
    try {
      ScheduledExecutorService timer = objects.threads().timer();
      OpeningRequests requests =
          new OpeningRequests(objects.place(), settings.retry(), timer, openTimeout);
      new Opening(objects, requests, settings.grace()).run(probe);
      Environment environment = new Environment(timer, new SecureRandom(), System::nanoTime);
      S3SegmentStore store =
          S3SegmentStore.over(objects, settings, new ProtocolFactory(), environment, notifier);
      opened = true;
      return store;
    } finally {
      if (!opened) {
        objects.close();
      }
    }
  }

  /** Returns a client with these settings, before any request is sent. */
  AwsObjectClient connect() {
    BucketPlace place = BucketPlace.of(bucket, prefix);
    boolean isClientSet =
        endpoint != null || region != null || credentials != null || pathStyle != null;
    if (client != null && isClientSet) {
      throw invalid(
          "both a client and settings for one: endpoint, region, credentials and path style are set"
              + " on the client");
    }
    S3Threads threads = new S3Threads();
    if (client != null) {
      return new AwsObjectClient(client, place, requestTimeout, threads, () -> {});
    }
    boolean isPathStyle = pathStyle == null ? endpoint != null : pathStyle;
    boolean made = false;
    try {
      OwnAwsClient own =
          new OwnAwsClient(
              new OwnAwsClient.Settings(endpoint, region, credentials, isPathStyle), threads);
      made = true;
      return new AwsObjectClient(own.s3(), place, requestTimeout, threads, own::close);
    } finally {
      if (!made) {
        threads.end();
      }
    }
  }

  private static boolean isPositive(Duration timeout) {
    return !timeout.isZero() && !timeout.isNegative();
  }

  private static SessionLogException invalid(String message) {
    return new SessionLogException(Code.INVALID, message);
  }

  /** Sends no hints: tails poll. */
  private static final class NoNotifier implements S3Notifier {
    @Override
    public void changed(SessionKey session) {}

    @Override
    public Runnable subscribe(SessionKey session, Runnable hint) {
      return () -> {};
    }
  }
}
