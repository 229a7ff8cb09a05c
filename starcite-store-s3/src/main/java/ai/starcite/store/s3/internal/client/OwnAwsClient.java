package ai.starcite.store.s3.internal.client;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/**
 * The SDK's client of a store that was given none, with everything that has to be closed with it.
 */
public final class OwnAwsClient {
  /**
   * More than the gets that opening a session sends at once, so that a put need not wait for them.
   */
  private static final int CONNECTIONS = 128;

  private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

  /** Leaves time for abandoned connections to close before their threads end. */
  private static final int QUIET_MILLIS = 200;

  private static final int SHUTDOWN_MILLIS = 5000;

  private final S3Threads threads;
  private final NioEventLoopGroup loops;
  private final S3AsyncClient s3;

  /**
   * How to reach the server.
   *
   * @param endpoint its address, or null for AWS
   * @param region the region; if null, what the SDK finds, or any if there is an endpoint
   * @param credentials the credentials, or null for what the SDK finds
   * @param pathStyle whether requests name the bucket in the path
   */
  public record Settings(
      @Nullable URI endpoint,
      @Nullable Region region,
      @Nullable AwsCredentialsProvider credentials,
      boolean pathStyle) {}

  public OwnAwsClient(Settings settings, S3Threads threads) {
    this.threads = threads;
    if (settings.credentials() == null) {
      WebIdentity.requireSupport();
    }
    loops = new NioEventLoopGroup(THREADS, threads.factory("io"));
    boolean made = false;
    try {
      s3 = builder(settings).build();
      made = true;
    } catch (SdkClientException e) {
      throw new SessionLogException(
          Code.INVALID,
          "the S3 client cannot be made ("
              + e.getMessage()
              + "): set the region with region(…), or in AWS_REGION or the profile",
          e);
    } finally {
      if (!made) {
        endLoops();
      }
    }
  }

  private S3AsyncClientBuilder builder(Settings settings) {
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .forcePathStyle(settings.pathStyle())
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(CONNECTIONS)
                    // Lets the SDK close its connections, and the store end the threads: the SDK
                    // would wait for two seconds to see whether there is more to do.
                    .eventLoopGroup(SdkEventLoopGroup.create(loops, NioSocketChannel::new)))
            .asyncConfiguration(
                async ->
                    async.advancedOption(
                        // The store's own threads take over from there.
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .overrideConfiguration(
                override ->
                    override
                        // The store retries itself, and so knows what may have happened.
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .scheduledExecutorService(threads.timer()));
    if (settings.credentials() != null) {
      builder.credentialsProvider(settings.credentials());
    }
    // Not all other servers understand these.
    boolean plain = settings.endpoint() != null;
    builder.serviceConfiguration(
        // Waiting for a "continue" would cost each put another round trip.
        s3 -> s3.expectContinueEnabled(false).chunkedEncodingEnabled(!plain));
    if (plain) {
      builder
          .endpointOverride(settings.endpoint())
          .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
          .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    }
    if (settings.region() != null) {
      builder.region(settings.region());
    } else if (plain) {
      builder.region(Region.US_EAST_1);
    }
    return builder;
  }

  public S3AsyncClient s3() {
    return s3;
  }

  public void close() {
    // An interrupted thread would not end them.
    boolean interrupted = Thread.interrupted();
    try {
      s3.close();
      endLoops();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void endLoops() {
    var ended = loops.shutdownGracefully(QUIET_MILLIS, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
    if (!threads.areCurrent()) {
      ended.awaitUninterruptibly(SHUTDOWN_MILLIS);
    }
  }
}
