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
 * The settings of a store in S3. A bucket has to be named; everything else has a default. All
 * processes that use one bucket and prefix have to agree on {@link #grace}. Not thread-safe.
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
   * The client to use. The store does not close it. Let it not repeat requests for long, since the
   * store repeats them too; and for a server that is not AWS's, switch chunked encoding off, and
   * have checksums calculated where they are required only.
   *
   * @param client one that the store makes and closes by default
   * @return this builder
   */
  public S3SegmentStoreBuilder client(S3AsyncClient client) {
    this.client = Objects.requireNonNull(client, "client");
    return this;
  }

  /**
   * The address of a server that is not AWS's.
   *
   * @param endpoint that of AWS in the region by default
   * @return this builder
   */
  public S3SegmentStoreBuilder endpoint(URI endpoint) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    return this;
  }

  /**
   * The region of the bucket.
   *
   * @param region what the AWS SDK finds, in {@code AWS_REGION} or a profile, by default; with an
   *     endpoint, {@code us-east-1}
   * @return this builder
   */
  public S3SegmentStoreBuilder region(Region region) {
    this.region = Objects.requireNonNull(region, "region");
    return this;
  }

  /**
   * Where credentials come from. The store does not close it.
   *
   * @param credentials the AWS SDK's default chain by default
   * @return this builder
   */
  public S3SegmentStoreBuilder credentials(AwsCredentialsProvider credentials) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    return this;
  }

  /**
   * Whether the bucket stands in the path of requests, rather than in the name of the host.
   *
   * @param pathStyle true by default if an endpoint is given, else false
   * @return this builder
   */
  public S3SegmentStoreBuilder pathStyle(boolean pathStyle) {
    this.pathStyle = pathStyle;
    return this;
  }

  /**
   * The bucket. It has to exist.
   *
   * @param bucket name or ARN; not that of a directory bucket
   * @return this builder
   */
  public S3SegmentStoreBuilder bucket(String bucket) {
    this.bucket = Objects.requireNonNull(bucket, "bucket");
    return this;
  }

  /**
   * What all keys of the store begin with. Nothing else belongs below it.
   *
   * @param prefix parts between slashes, of up to 512 bytes; none by default
   * @return this builder
   */
  public S3SegmentStoreBuilder prefix(String prefix) {
    this.prefix = Objects.requireNonNull(prefix, "prefix");
    return this;
  }

  /**
   * How long what another process may still use is kept, and so how long a process may stand still
   * without having to look at everything anew. The same in all processes; a store is refused where
   * another grace is kept.
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
   * Whether every answer is judged by a new snapshot, and no clock relied upon. It costs two more
   * requests for each.
   *
   * @param strict false by default
   * @return this builder
   */
  public S3SegmentStoreBuilder strict(boolean strict) {
    settings = settings.withStrict(strict);
    return this;
  }

  /**
   * How long to wait, once events of a session are stored, before the next request stores all that
   * came meanwhile: so an event waits for the request under way, and then for so long at most. The
   * first event after a pause is stored at once, and so is one that a thread waits for. While the
   * server asks for fewer requests, and for ten seconds after, it is five times as long.
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
   * Whether this process compacts the sessions that it appends to, and removes what is no longer
   * needed. Without it, have {@link S3SegmentStore#maintain} called somewhere.
   *
   * @param maintains true by default
   * @return this builder
   */
  public S3SegmentStoreBuilder maintains(boolean maintains) {
    settings = settings.withMaintains(maintains);
    return this;
  }

  /**
   * About how much memory the events may take that were read, and as much again what is known of
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
   * What carries hints between processes, so that tails see events sooner than by polling.
   *
   * @param notifier none by default
   * @return this builder
   */
  public S3SegmentStoreBuilder notifier(S3Notifier notifier) {
    this.notifier = Objects.requireNonNull(notifier, "notifier");
    return this;
  }

  /**
   * How long one request may take, before it is sent again.
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
   * How long opening the store may take.
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
   * Does not find out, at opening, whether the server does what the store is built upon. That takes
   * 165 small requests and is worth it the first time that a server, or a new version of it, is
   * used. On a server that does not, events that were acknowledged are lost.
   *
   * @return this builder
   */
  public S3SegmentStoreBuilder skipProbe() {
    this.probe = false;
    return this;
  }

  /** Changes settings that are not public, for tests. */
  S3SegmentStoreBuilder settings(UnaryOperator<S3Settings> change) {
    settings = change.apply(settings);
    return this;
  }

  /**
   * Opens the store: looks whether it can work with that bucket, and marks the prefix as used.
   * Blocks.
   *
   * @return an open store
   * @throws SessionLogException {@code INVALID} if the settings do not fit together; {@code
   *     STORE_UNAVAILABLE} if the bucket cannot be used, the server does not do what the store is
   *     built upon, or the prefix is used by something else, a newer version, or with another
   *     grace; {@code CANCELLED} if the thread is interrupted
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

  /** A client for these settings, before anything was asked of the server. */
  AwsObjectClient connect() {
    BucketPlace place = BucketPlace.of(bucket, prefix);
    boolean isClientSet =
        endpoint != null || region != null || credentials != null || pathStyle != null;
    if (client != null && isClientSet) {
      throw invalid(
          "both a client and settings of one: endpoint, region, credentials and path style are the"
              + " client's own");
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

  /** Leaves tails to their polls. */
  private static final class NoNotifier implements S3Notifier {
    @Override
    public void changed(SessionKey session) {}

    @Override
    public Runnable subscribe(SessionKey session, Runnable hint) {
      return () -> {};
    }
  }
}
