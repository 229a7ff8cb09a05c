package ai.starcite.benchmarks.s3;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.benchmarks.measure.Figures;
import ai.starcite.benchmarks.measure.Latencies;
import ai.starcite.benchmarks.measure.Workload;
import ai.starcite.benchmarks.peers.Entry;
import ai.starcite.benchmarks.peers.Payload;
import ai.starcite.benchmarks.peers.Starcite;
import ai.starcite.store.s3.S3SegmentStore;
import java.net.URI;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Configuration;

/** One writer who is alone, and puts of the same payload by the SDK, in turn. */
final class PutLatency implements Workload {
  private static final String SESSION = "alone";

  private final S3SegmentStore store;
  private final SessionLog log;
  private final S3AsyncClient client;
  private final int appends;
  private final Payload payload = Payload.ofBytes(256, 1);
  private long number;

  PutLatency(URI endpoint, int appends) {
    this.appends = appends;
    // Compaction would be counted as requests, and comes later anyway.
    this.store = SlowS3.store(endpoint, "latency").maintains(false).open();
    this.log = SessionLog.open(store);
    this.client =
        S3AsyncClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(SlowS3.credentials())
            .forcePathStyle(true)
            .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .build();
    log.create(NewSession.ofId(SESSION));
  }

  @Override
  public String name() {
    return "append and put in turn";
  }

  @Override
  public void measure(Figures figures) {
    Latencies ofAppends = new Latencies();
    Latencies ofPuts = new Latencies();
    long puts = store.requests().puts();
    for (int i = 0; i < appends; i++) {
      number++;
      long start = System.nanoTime();
      client
          .putObject(
              put -> put.bucket(SlowS3.BUCKET).key("bare/" + number).ifNoneMatch("*"),
              AsyncRequestBody.fromBytes(payload.bytes()))
          .join();
      long put = System.nanoTime();
      log.append(SESSION, Starcite.event(new Entry(SESSION, "writer", number, payload)));
      ofPuts.add(put - start);
      ofAppends.add(System.nanoTime() - put);
    }
    figures.add("s3/append/p50", ofAppends.percentileMicros(50));
    figures.add("s3/append/p99", ofAppends.percentileMicros(99));
    figures.add("s3/put/p50", ofPuts.percentileMicros(50));
    figures.add("s3/put/p99", ofPuts.percentileMicros(99));
    figures.add("s3/append/puts", (store.requests().puts() - puts) / (double) appends);
  }

  @Override
  public void close() {
    log.close();
    client.close();
  }
}
