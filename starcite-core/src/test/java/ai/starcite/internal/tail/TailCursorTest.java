package ai.starcite.internal.tail;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import ai.starcite.internal.session.Head;
import ai.starcite.spi.SessionKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a reader that takes no events for now is told. */
class TailCursorTest {
  private static final SessionKey KEY = new SessionKey("s", "AAECAwQFBgcICQoLDA0ODw");

  private final Head head = new Head(KEY, null, Runnable::run, 5, false);
  private final AtomicInteger woken = new AtomicInteger();
  private final TailCursor cursor =
      new TailCursor(
          new OpenedTail(head, 4), TailOptions.from(4), woken::incrementAndGet, end -> {});

  @Test
  @DisplayName("TAIL-8: a seal that comes between a look and the wait is not missed")
  void sealedBeforeWaiting() {
    assertThat(cursor.endIfOver()).isNull();
    head.publish(null, 5, true);
    head.wake();

    cursor.awaitEnd();

    assertThat(woken).hasValue(1);
    assertThat(cursor.endIfOver()).isEqualTo(TailEnd.SEALED);
  }

  @Test
  @DisplayName("TAIL-3: a tail without demand is woken by the end, and by nothing before it")
  void onlyTheEnd() {
    assertThat(cursor.endIfOver()).isNull();
    cursor.awaitEnd();
    head.publish(null, 6, false);
    head.wake();
    head.publish(null, 7, false);
    head.wake();
    assertThat(woken).hasValue(0);

    head.publish(null, 7, true);
    head.wake();
    assertThat(woken).hasValue(1);
    assertThat(cursor.endIfOver()).as("two events are left").isNull();

    cursor.awaitEnd();
    assertThat(woken).as("it was sealed when it was looked at").hasValue(1);
    head.end(TailEnd.DELETED, null);
    head.wake();
    assertThat(woken).hasValue(2);
    assertThat(cursor.endIfOver()).isEqualTo(TailEnd.DELETED);
  }
}
