package ai.starcite.benchmarks.s3;

import ai.starcite.store.s3.S3SegmentStore;
import ai.starcite.store.s3.S3SegmentStoreBuilder;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** An S3Proxy in this process that takes as long as S3 does. It keeps its objects in files. */
final class SlowS3 implements AutoCloseable {
  static final int PUT_MILLIS = 30;
  static final int GET_MILLIS = 10;
  static final String ACCESS_KEY = "local-access";
  static final String SECRET_KEY = "local-secret";
  static final String BUCKET = "starcite";

  private final BlobStore objects;
  private final S3Proxy server;

  SlowS3(Path directory) throws Exception {
    objects = new Slow(new FilesystemNio2BlobStore(directory.toAbsolutePath().toString()));
    objects.createContainer(BUCKET);
    server =
        S3Proxy.builder()
            .blobStore(objects)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /**
   * A store at an endpoint, below a prefix. It was seen elsewhere that the server is fit for it.
   */
  static S3SegmentStoreBuilder store(URI endpoint, String prefix) {
    return S3SegmentStore.builder()
        .endpoint(endpoint)
        .credentials(credentials())
        .bucket(BUCKET)
        .prefix(prefix)
        .skipProbe();
  }

  static StaticCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY));
  }

  @Override
  public void close() throws Exception {
    server.stop();
    objects.close();
  }

  /**
   * Adds the time that S3 takes. And as it comes, S3Proxy lists what is still being written, under
   * a name of its own, which S3 does not: so a listing waits for the writes under way.
   */
  private static final class Slow extends ForwardingBlobStore {
    private final ReadWriteLock writing = new ReentrantReadWriteLock();

    Slow(BlobStore objects) {
      super(objects);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
      pause(PUT_MILLIS);
      writing.readLock().lock();
      try {
        return super.putBlob(request, body);
      } finally {
        writing.readLock().unlock();
      }
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
      pause(GET_MILLIS);
      return super.getBlob(request);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
      pause(GET_MILLIS);
      writing.writeLock().lock();
      try {
        return super.list(request);
      } finally {
        writing.writeLock().unlock();
      }
    }

    private static void pause(long millis) {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }
}
