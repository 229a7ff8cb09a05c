package ai.starcite.store.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A server that looks first whether a key is free, and then writes")
class S3MockTest {
  private static final int OPENINGS = 10;
  private static final String STARTED = "Tomcat started on ports ";

  /** The server is on the class path only to be found there; it brings all that it needs. */
  private static Optional<String> jar() {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(classPath.split(File.pathSeparator))
        .filter(entry -> entry.endsWith("-exec.jar"))
        .findFirst();
  }

  @Test
  @DisplayName("is refused by the probe, every time")
  void probe_refuses() {
    assumeTrue(jar().isPresent(), "with -Ps3mock only");
    List<String> arguments =
        List.of(
            "-jar",
            jar().get(),
            "--server.port=0",
            "--http.port=0",
            "--com.adobe.testing.s3mock.store.initial-buckets=mock");
    try (ChildProcess server = ChildProcess.start(arguments)) {
      TestBucket bucket = new TestBucket(endpoint(server), "mock", "access", "secret");
      for (int opening = 0; opening < OPENINGS; opening++) {
        assertThatThrownBy(() -> bucket.builder("t" + UUID.randomUUID()).open())
            .hasMessageContaining("not safe to use")
            .hasMessageContaining("were acknowledged");
      }
    }
  }

  /** It says {@code Tomcat started on ports 1 (https), 2 (http)}. */
  private static URI endpoint(ChildProcess server) {
    Optional<String> line = server.line();
    while (line.isPresent() && !line.get().contains(STARTED)) {
      line = server.line();
    }
    String ports = line.orElseThrow().replaceAll(".*" + STARTED, "");
    String port = ports.replaceAll(".*?(\\d+) \\(http\\).*", "$1");
    return URI.create("http://127.0.0.1:" + port);
  }
}
