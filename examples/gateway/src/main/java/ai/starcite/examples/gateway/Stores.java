package ai.starcite.examples.gateway;

import ai.starcite.examples.gateway.http.Query;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.S3SegmentStoreBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.regions.Region;

/** Opens the store that a text names. */
final class Stores {
  private Stores() {}

  static SegmentStore open(String store) {
    if (store.equals("memory:")) {
      return MemorySegmentStore.open();
    }
    if (store.startsWith("rocksdb:") && store.length() > "rocksdb:".length()) {
      return RocksDbSegmentStore.open(Path.of(store.substring("rocksdb:".length())));
    }
    if (store.startsWith("s3://")) {
      return s3(URI.create(store)).open();
    }
    throw new IllegalArgumentException(
        "--store must be memory:, rocksdb:DIRECTORY or s3://BUCKET/PREFIX, not " + store);
  }

  private static S3SegmentStoreBuilder s3(URI uri) {
    String bucket = uri.getAuthority();
    if (bucket == null) {
      throw new IllegalArgumentException("--store names no bucket: " + uri);
    }
    S3SegmentStoreBuilder builder = S3SegmentStore.builder().bucket(bucket);
    String prefix = uri.getPath().replaceAll("^/+|/+$", "");
    if (!prefix.isEmpty()) {
      builder.prefix(prefix);
    }
    for (Map.Entry<String, List<String>> setting : Query.parse(uri.getRawQuery()).entrySet()) {
      String value = setting.getValue().get(0);
      switch (setting.getKey()) {
        case "endpoint" -> builder.endpoint(URI.create(value));
        case "region" -> builder.region(Region.of(value));
        case "path_style" -> builder.pathStyle(Boolean.parseBoolean(value));
        default ->
            throw new IllegalArgumentException(
                "--store has endpoint, region and path_style, not " + setting.getKey());
      }
    }
    return builder;
  }
}
