package ai.starcite.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.TailEnd;
import ai.starcite.internal.session.Head.Waiter;
import ai.starcite.spi.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where a writer and its tails meet. */
class HeadTest {
  private static final SessionKey KEY = new SessionKey("s", "AAECAwQFBgcICQoLDA0ODw");

  private final List<Runnable> tasks = new ArrayList<>();
  private final Head head = new Head(KEY, null, tasks::add, 5, false);
  private final AtomicInteger woken = new AtomicInteger();
  private final Waiter waiter = new Waiter(woken::incrementAndGet);

  @Test
  @DisplayName("TAIL-7: who waits is woken once by what comes")
  void await_publish() {
    assertThat(head.await(waiter, 5)).isTrue();
    assertThat(head.await(waiter, 5)).as("registering twice is registering once").isTrue();

    head.publish(null, 6, false);
    head.wake();
    head.publish(null, 7, false);
    head.wake();

    assertThat(woken).hasValue(1);
    assertThat(head.nextSeq()).isEqualTo(7);
  }

  @Test
  @DisplayName("TAIL-7: who saw less than there is does not wait")
  void await_news() {
    head.publish(null, 6, false);
    head.wake();

    assertThat(head.await(waiter, 5)).isFalse();
    head.publish(null, 7, false);
    head.wake();
    assertThat(woken).hasValue(0);
  }

  @Test
  @DisplayName("TAIL-7: nobody waits at a head that has ended")
  void await_ended() {
    head.end(TailEnd.LOG_CLOSED, null);
    head.wake();

    assertThat(head.await(waiter, 5)).isFalse();
  }

  @Test
  @DisplayName("TAIL-7: a waiter that is cancelled is not woken, and can wait again")
  void cancel() {
    head.await(waiter, 5);
    head.cancel(waiter);
    head.cancel(waiter);
    head.publish(null, 6, false);
    head.wake();
    assertThat(woken).hasValue(0);

    assertThat(head.await(waiter, 6)).isTrue();
    head.publish(null, 7, false);
    head.wake();
    assertThat(woken).hasValue(1);
  }

  @Test
  @DisplayName("TAIL-3: many waiters are woken by somebody else than who publishes")
  void wakesMany() {
    List<Waiter> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(new Waiter(woken::incrementAndGet));
      assertThat(head.await(many.get(i), 5)).isTrue();
    }
    head.cancel(many.get(50));

    head.publish(null, 6, false);
    head.wake();

    assertThat(woken).hasValue(0);
    tasks.forEach(Runnable::run);
    assertThat(woken).hasValue(99);
  }

  @Test
  @DisplayName("TAIL-8: deleted and closed come after sealed, and stay")
  void end() {
    assertThat(head.end()).isNull();
    head.await(waiter, 5);
    head.publish(null, 5, true);
    head.wake();
    assertThat(woken).hasValue(1);
    assertThat(head.end()).isEqualTo(TailEnd.SEALED);
    head.end(TailEnd.DELETED, null);
    head.wake();
    assertThat(head.end()).isEqualTo(TailEnd.DELETED);
    head.end(TailEnd.LOG_CLOSED, null);
    head.wake();
    assertThat(head.end()).isEqualTo(TailEnd.DELETED);
    head.publish(null, 5, true);
    head.wake();
    assertThat(head.end()).isEqualTo(TailEnd.DELETED);
  }

  @Test
  @DisplayName("TAIL-7: a session knows whether it has tails")
  void hasTails() {
    assertThat(head.hasTails()).isFalse();
    head.addTail();
    head.addTail();
    head.removeTail();
    assertThat(head.hasTails()).isTrue();
    head.removeTail();
    assertThat(head.hasTails()).isFalse();
  }
}
