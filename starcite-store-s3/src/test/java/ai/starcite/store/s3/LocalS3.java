package ai.starcite.store.s3;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** An S3Proxy in this process that keeps its objects in memory, even while it is stopped. */
final class LocalS3 implements AutoCloseable {
  static final String ACCESS_KEY = "local-access";
  static final String SECRET_KEY = "local-secret";
  private static final String BUCKET = "starcite";

  private static final class Shared {
    static final LocalS3 SERVER = new LocalS3();
  }

  private final BlobStore objects = new TransientNio2BlobStore();
  private S3Proxy server;
  private int port;

  LocalS3() {
    objects.createContainer(BUCKET);
    server = start(0);
    port = server.getPort();
  }

  /** Returns the server of all tests that leave it running. */
  static LocalS3 shared() {
    return Shared.SERVER;
  }

  private S3Proxy start(int wanted) {
    try {
      S3Proxy proxy =
          S3Proxy.builder()
              .blobStore(objects)
              .endpoint(URI.create("http://127.0.0.1:" + wanted))
              .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
              .build();
      proxy.start();
      return proxy;
    } catch (Exception e) {
      throw new IllegalStateException("S3Proxy does not start", e);
    }
  }

  TestBucket bucket() {
    return new TestBucket(URI.create("http://127.0.0.1:" + port), BUCKET, ACCESS_KEY, SECRET_KEY);
  }

  /** Aborts what is under way, and refuses connections. */
  void stop() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("S3Proxy does not stop", e);
    }
  }

  /** Restarts at the same address. */
  void startAgain() {
    server = start(port);
  }

  @Override
  public void close() {
    stop();
    objects.close();
  }
}
