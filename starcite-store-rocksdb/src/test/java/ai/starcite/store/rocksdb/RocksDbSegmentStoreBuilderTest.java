package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.chat.Message;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDbSegmentStoreBuilderTest {
  @TempDir Path directory;

  @Test
  @DisplayName("A store opens with the smallest settings")
  void smallest() {
    RocksDbSegmentStoreBuilder smallest =
        RocksDbSegmentStore.builder(directory)
            .blockCacheBytes(2 << 20)
            .writeBufferBytes(1 << 20)
            .readerThreads(1);
    try (SessionLog log = SessionLog.open(smallest.open())) {
      String id = log.create(NewSession.defaults()).id();
      assertThat(log.append(id, NewEvent.of(Message.user("a"))).seq()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("ERR-1: a setting out of its range is INVALID, and the message names it")
  void outOfRange() {
    RocksDbSegmentStoreBuilder builder = RocksDbSegmentStore.builder(directory);
    invalid(() -> builder.blockCacheBytes((2 << 20) - 1), "blockCacheBytes");
    invalid(() -> builder.writeBufferBytes((1 << 20) - 1), "writeBufferBytes");
    invalid(() -> builder.writeBufferBytes(33 << 20), "half of blockCacheBytes");
    invalid(() -> builder.readerThreads(0), "readerThreads");
  }

  private static void invalid(ThrowingCallable call, String named) {
    assertThatExceptionOfType(SessionLogException.class)
        .isThrownBy(call)
        .withMessageContaining(named)
        .matches(e -> e.code() == Code.INVALID);
  }
}
