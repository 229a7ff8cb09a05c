package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Rejected;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Failures of the log, over HTTP")
class FailuresOverHttpTest {

  /** A store in memory, of which one method answers otherwise. */
  private static SegmentStore store(String broken, Object answer) {
    MemorySegmentStore real = MemorySegmentStore.open();
    return (SegmentStore)
        Proxy.newProxyInstance(
            SegmentStore.class.getClassLoader(),
            new Class<?>[] {SegmentStore.class},
            (proxy, method, args) -> {
              if (method.getName().equals(broken)) {
                return answer;
              }
              try {
                return method.invoke(real, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @ParameterizedTest
  @CsvSource({
    "BACKPRESSURE, 429, backpressure",
    "STORE_UNAVAILABLE, 503, store_unavailable",
    "CANCELLED, 503, cancelled",
  })
  @DisplayName("an append that the store refuses says why, and that it may be tried again")
  void refused(Code code, int status, String name) {
    AppendOutcome refusal = new Rejected(new SessionLogException(code, "not now"));
    try (TestGateway gateway =
        TestGateway.start(
            store("append", CompletableFuture.completedFuture(refusal)), options -> {})) {
      gateway.create("s");
      TestGateway.Answer answer = gateway.append("s", "a", 1);

      answer.isError(status, name);
      if (status == 429) {
        assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
      }
    }
  }

  @Test
  @DisplayName("a session that is damaged is told from one that is not there, and from others")
  void corrupt() {
    CompletableFuture<?> damage =
        CompletableFuture.failedFuture(new SessionLogException(Code.CORRUPT, "checksum"));
    try (TestGateway gateway = TestGateway.start(store("read", damage), options -> {})) {
      gateway.create("s");
      gateway.append("s", "a", 1).is(201);
      gateway.get("/v1/sessions/s/tail").isError(500, "corrupt");
      gateway.get("/v1/sessions/other/tail").isError(404, "session_not_found");
    }
  }

  @Test
  @DisplayName("a session with as many producers as it may have takes no other one")
  void tooManyProducers() {
    MemorySegmentStore store = MemorySegmentStore.open();
    List<NewEvent> events =
        IntStream.range(0, 10_000)
            .mapToObj(i -> NewEvent.of("t", Json.parse("{}")).withProducer("p" + i, 1))
            .toList();
    try (SessionLog log = SessionLog.builder(store).closesStore(false).open()) {
      log.create(NewSession.ofId("s"));
      log.appendAll("s", events);
    }
    try (TestGateway gateway = TestGateway.start(store, options -> {})) {
      gateway.append("s", "another", 1).isError(409, "too_many_producers");
      gateway.append("s", "p7", 1).isError(409, "producer_replay_conflict");
    }
  }
}
