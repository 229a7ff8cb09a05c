package ai.starcite.testkit;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.Faults.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** ERR-2, for every byte that a segment consists of. */
@Timeout(60)
class DamagedReadTest {
  private final FaultInjectingStore store =
      new FaultInjectingStore(MemorySegmentStore.open(), Faults.none().withSeed(1));

  @BeforeEach
  void fill() {
    try (SessionLog log = open()) {
      log.create(NewSession.ofId("damaged"));
      for (int i = 1; i <= 3; i++) {
        log.append("damaged", NewEvent.of("t", Json.parse("{\"n\":%d}".formatted(i))));
      }
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private SessionLog open() {
    return SessionLog.builder(store).closesStore(false).open();
  }

  private int length() {
    var key = await(store.load("damaged")).orElseThrow().record().key();
    return ((ReadOutcome.Segments) await(store.read(key, 2, 1))).segments().get(0).length();
  }

  private static boolean isSecond(Segment segment) {
    return segment.firstSeq() == 2;
  }

  @Test
  @DisplayName("ERR-2: whichever byte is damaged, a log finds it, and delivers what lies before")
  void anyByte() {
    int length = length();
    for (int position = 0; position < length; position++) {
      store.corruptReads((session, segment) -> isSecond(segment), position);
      try (SessionLog log = open();
          Tail tail = log.tail("damaged", 1)) {
        SessionLogException failure = catchThrowableOfType(SessionLogException.class, tail::next);
        assertThat(failure).as("with byte %d of %d damaged", position, length).isNotNull();
        assertThat(failure.code()).isEqualTo(Code.CORRUPT);
        assertThat(failure)
            .as("with byte %d of %d damaged", position, length)
            .hasMessageContaining("damaged")
            .hasMessageContaining("2");
      }
    }
    assertThat(store.injected().get(Kind.DAMAGED_READ)).isGreaterThanOrEqualTo(length);
  }

  @Test
  @DisplayName("ERR-2: damage on the way ends with it: nothing of what is stored was changed")
  void mended() {
    store.corruptReads((session, segment) -> isSecond(segment));
    try (SessionLog log = open();
        Tail tail = log.tail("damaged", 1)) {
      assertThat(catchThrowableOfType(SessionLogException.class, tail::next).code())
          .isEqualTo(Code.CORRUPT);
    }
    store.corruptReads((session, segment) -> false);
    try (SessionLog log = open();
        Tail tail = log.tail("damaged", 1)) {
      assertThat(tail.next().payload()).isEqualTo(Json.parse("{\"n\":2}"));
    }
  }
}
