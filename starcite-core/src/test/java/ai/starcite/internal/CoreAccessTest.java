package ai.starcite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoreAccessTest {
  private final CoreAccess trusted = CoreAccess.access();

  /** The classes of core and of Jackson once more, none of them initialised. */
  private static URLClassLoader freshClasses() {
    URL[] places =
        Stream.of(Json.class, ObjectMapper.class, JsonFactory.class, JsonInclude.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    return new URLClassLoader(places, ClassLoader.getPlatformClassLoader());
  }

  private static Object access(ClassLoader classes) throws Exception {
    return Class.forName("ai.starcite.internal.CoreAccess", true, classes)
        .getMethod("access")
        .invoke(null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "internal.CoreAccess",
        "Json",
        "Event",
        "NewEvent",
        "CoreValues",
        "JsonText",
        "chat.ToolCall"
      })
  @DisplayName("EVT-2: core can reach its values whichever class is initialised first")
  void access_anyOrder(String first) throws Exception {
    try (URLClassLoader classes = freshClasses()) {
      Class.forName("ai.starcite." + first, true, classes);

      assertThat(access(classes)).isNotNull().isSameAs(access(classes));
    }
  }

  @Test
  @DisplayName("EVT-2: core can reach its values when several threads start at once")
  void access_concurrently() {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      assertTimeoutPreemptively(
          Duration.ofSeconds(60),
          () -> {
            for (int round = 0; round < 20; round++) {
              startAtOnce(threads, List.of("internal.CoreAccess", "Json", "Event", "NewEvent"));
            }
          });
    } finally {
      threads.shutdownNow();
    }
  }

  private static void startAtOnce(ExecutorService threads, List<String> firsts) throws Exception {
    try (URLClassLoader classes = freshClasses()) {
      CyclicBarrier start = new CyclicBarrier(firsts.size());
      List<Future<Object>> found =
          firsts.stream()
              .map(
                  first ->
                      threads.submit(
                          () -> {
                            start.await();
                            Class.forName("ai.starcite." + first, true, classes);
                            return access(classes);
                          }))
              .toList();
      for (Future<Object> one : found) {
        assertThat(one.get()).isSameAs(found.get(0).get());
      }
    }
  }

  @Test
  @DisplayName("EVT-2: nobody else can take the place of the implementation")
  void register_once() throws IOException {
    assertThatThrownBy(() -> CoreAccess.register(trusted))
        .isInstanceOf(IllegalStateException.class);
    assertThat(CoreAccess.access()).isSameAs(trusted);
  }

  @Test
  @DisplayName("EVT-2: bytes go in and out without a copy")
  void json_withoutCopy() {
    byte[] bytes = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    assertThat(trusted.bytes(trusted.json(bytes))).isSameAs(bytes);
    assertThat(trusted.json(bytes)).isEqualTo(Json.parse(bytes));
  }

  @Test
  @DisplayName("EVT-2: an event of parts equals the one that was appended")
  void event_ofParts() {
    NewEvent bare = NewEvent.of("x", Json.parse("{}"));
    NewEvent full =
        bare.withActor("a")
            .withSource("s")
            .withMetadata(Json.parse("{\"m\":1}"))
            .withRefs(Json.parse("{\"to_seq\":1}"))
            .withIdempotencyKey("k")
            .withProducer("p", 9);
    for (NewEvent event : List.of(bare, full)) {
      Event stored =
          trusted.event(
              5,
              1_234_567,
              event.type(),
              event.payload(),
              trusted.actor(event),
              trusted.source(event),
              trusted.metadata(event),
              trusted.refs(event),
              trusted.idempotencyKey(event),
              trusted.producerId(event),
              trusted.producerSeq(event));

      assertThat(stored)
          .isEqualTo(Event.of(5, Instant.parse("1970-01-01T00:00:01.234567Z"), event));
    }
  }
}
