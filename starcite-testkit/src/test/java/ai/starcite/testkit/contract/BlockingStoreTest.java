package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.AppendOptions;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** APP-9: a store may keep a calling thread only if that waits anyway, and has time. */
class BlockingStoreTest extends FaultFixture {
  @Test
  @DisplayName("APP-9: a thread that waits with time to spare is lent to the store")
  void lent() {
    log().append(id, event("a"));
    assertThat(store.blocking()).hasSize(1).isEqualTo(store.sent());
  }

  @Test
  @DisplayName("APP-9: a thread whose time-out is near is not lent, since it could be late")
  void inHaste() {
    log().append(id, event("a"), AppendOptions.defaults().withTimeout(Duration.ofSeconds(9)));
    assertThat(store.sent()).hasSize(1);
    assertThat(store.blocking()).isEmpty();
  }

  @Test
  @DisplayName("A thread that appends without waiting is not lent")
  void asynchronous() {
    assertThat(send(event("a"))).isCompleted();
    assertThat(store.sent()).hasSize(1);
    assertThat(store.blocking()).isEmpty();
  }

  @Test
  @DisplayName("APP-9: a thread is lent for its own events, and not for those that come next")
  void onceOnly() {
    store.next(
        append -> {
          send(event("b"));
          return append.get();
        });
    log().append(id, event("a"));
    assertThat(store.sent()).hasSize(2);
    assertThat(store.blocking()).containsExactly(store.sent().get(0));
  }
}
