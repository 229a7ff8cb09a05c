package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SegmentStore;
import ai.starcite.spi.StoreCapabilities;
import ai.starcite.spi.StoreCapabilities.Durability;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A store whose segments are too short. */
class SmallStoreTest {
  @Test
  @DisplayName("APP-3: a log cannot be opened on a store that cannot hold a full batch")
  void refused() {
    SegmentStore small =
        (SegmentStore)
            Proxy.newProxyInstance(
                SegmentStore.class.getClassLoader(),
                new Class<?>[] {SegmentStore.class},
                (proxy, method, args) -> new StoreCapabilities(Durability.NONE, false, 1 << 20));
    assertThat(LogFixture.failure(Code.INVALID, () -> SessionLog.open(small)))
        .hasMessageContaining(String.valueOf(1 << 20));
  }
}
