package ai.starcite.testkit.history;

import static ai.starcite.testkit.history.HandMade.appended;
import static ai.starcite.testkit.history.HandMade.deduped;
import static ai.starcite.testkit.history.HandMade.event;
import static ai.starcite.testkit.history.HandMade.failure;
import static ai.starcite.testkit.history.HandMade.stored;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The checker catches what breaks a rule of storing and order, and nothing that keeps it. */
class HistoryCheckerTest {
  private static final NewEvent A = event("p", 1, "a");
  private static final NewEvent B = event("p", 2, "b");
  private static final NewEvent X = event("x");
  private static final NewEvent Y = event("y");

  private static HandMade made() {
    return new HandMade();
  }

  @Test
  @DisplayName("APP-2: a hole in the log is caught")
  void hole() {
    made().holdsAsIs(stored(1, X), stored(3, Y)).breaks("APP-2", "holds seq 3 where 2 should be");
  }

  @Test
  @DisplayName("EVT-1: a time that goes back is caught, one that stands still is not")
  void time() {
    Event later = Event.of(1, Instant.ofEpochSecond(9), X);
    var calls = made().append(1, X).answered(2, appended(1)).append(3, Y).answered(4, appended(2));
    calls.holdsAsIs(later, Event.of(2, Instant.ofEpochSecond(8), Y)).breaks("EVT-1");
    made()
        .append(1, X)
        .answered(2, appended(1))
        .append(3, Y)
        .answered(4, appended(2))
        .holdsAsIs(later, Event.of(2, Instant.ofEpochSecond(9), Y))
        .isLegal();
  }

  @Test
  @DisplayName("APP-1: an acknowledged event that is lost is caught")
  void lost() {
    made().append(1, X).answered(2, appended(1)).breaks("APP-1", "ends at seq 0", "[1, 2]");
    made().append(1, X).answered(2, appended(1)).holds(X).isLegal();
  }

  @Test
  @DisplayName("APP-2: another event at an acknowledged seq is caught")
  void otherContent() {
    made().append(1, X).answered(2, appended(1)).append(1, Y).unknown(2).holds(Y).breaks("APP-2");
  }

  @Test
  @DisplayName("APP-4, APP-2: an event that is stored twice is caught, with a pair and without")
  void twice() {
    made().append(1, A).answered(2, appended(1)).holds(A, A).breaks("APP-4", "stored twice");
    made().append(1, X).answered(2, appended(1)).holds(X, X).breaks("APP-2", "stored twice");
  }

  @Test
  @DisplayName("APP-2: two appends that were given one seq are caught")
  void oneSeqForTwo() {
    made()
        .append(1, A)
        .answered(3, appended(1))
        .append(2, A)
        .answered(4, appended(1))
        .holds(A)
        .breaks("APP-2", "two appends were told that they wrote seq 1");
    made()
        .append(1, A)
        .answered(3, appended(1))
        .append(2, A)
        .answered(4, deduped(1, 1))
        .holds(A)
        .isLegal();
  }

  @Test
  @DisplayName("APP-2: an event that nobody appended is caught")
  void nobodys() {
    made().append(1, X).answered(2, appended(1)).holds(X, Y).breaks("APP-2", "no append");
  }

  @Test
  @DisplayName("APP-7: what failed for good and is there is caught; what is unknown may be there")
  void failedForGood() {
    made().append(1, X).failed(2, failure(Code.CANCELLED)).holds(X).breaks("APP-7", "CANCELLED");
    made().append(1, X).failed(2, failure(Code.CANCELLED)).isLegal();
    made().append(1, X).unknown(2).holds(X).isLegal();
    made().append(1, X).unknown(2).isLegal();
    made().append(1, X).neverAnswered().holds(X).isLegal();
  }

  @Test
  @DisplayName("APP-7: an unknown append may be found by its retry, at a later place")
  void unknownAndRetry() {
    made()
        .append(1, A)
        .unknown(2)
        .append(3, X)
        .answered(4, appended(1))
        .append(5, A)
        .answered(6, deduped(2, 2))
        .holds(X, A)
        .isLegal();
    made()
        .append(5, A)
        .answered(6, deduped(1, 1))
        .holds(A)
        .breaks("APP-4", "no append that was called can have written");
  }

  @Test
  @DisplayName("APP-3: a torn batch is caught, also one of unknown outcome; a whole one is not")
  void tornBatch() {
    made().append(1, A, X, B).unknown(2).holds(A, X).breaks("APP-3", "only 2 of 3");
    made().append(1, A, X).unknown(2).append(1, Y).unknown(2).holds(A, Y, X).breaks("APP-3");
    made().append(1, A, X, B).unknown(2).holds(A, X, B).isLegal();
    made().append(1, X, A).unknown(2).append(3, A).unknown(4).holds(X, A).isLegal();
    made()
        .append(1, X, A)
        .unknown(2)
        .append(3, A)
        .answered(4, appended(2))
        .holds(X, A)
        .breaks("APP-3");
    made()
        .append(1, A, X)
        .answered(4, appended(1, 3), appended(3, 3))
        .append(1, Y)
        .answered(4, appended(2, 3))
        .holds(A, Y, X)
        .breaks("APP-3", "a hole or another order");
  }

  @Test
  @DisplayName("APP-3: a batch that repeats an event appends the rest")
  void partlyKnownBatch() {
    made()
        .append(1, A)
        .answered(2, appended(1))
        .append(3, A, B, X)
        .answered(4, deduped(1, 3), appended(2, 3), appended(3, 3))
        .append(5, A, event("p", 3, "c"))
        .unknown(6)
        .holds(A, B, X, event("p", 3, "c"))
        .isLegal();
  }

  @Test
  @DisplayName("APP-3: a last seq inside of a batch is caught")
  void insideBatch() {
    made()
        .append(1, A, B)
        .answered(9, appended(1, 2), appended(2, 2))
        .append(1, A)
        .answered(5, deduped(1, 1))
        .holds(A, B)
        .breaks("APP-3", "inside of a batch");
  }

  @Test
  @DisplayName("APP-2: real-time order is kept; what overlaps may come in any order")
  void realTime() {
    made()
        .append(1, X)
        .answered(2, appended(2, 2))
        .append(3, Y)
        .answered(4, appended(1, 2))
        .holds(Y, X)
        .breaks("APP-2", "seq 1", "seq 2", "[1, 2]", "[3, 4]");
    made()
        .append(1, X)
        .answered(3, appended(2, 2))
        .append(2, Y)
        .answered(4, appended(1, 2))
        .holds(Y, X)
        .isLegal();
  }

  @Test
  @DisplayName(
      "APP-2: an unknown append that takes effect late is legal, one that does early is not")
  void unknownInTime() {
    made().append(1, X).unknown(2).append(3, Y).answered(4, appended(1, 1)).holds(Y, X).isLegal();
    made()
        .append(1, Y)
        .answered(2, appended(2, 2))
        .append(3, X)
        .unknown(4)
        .holds(X, Y)
        .breaks("APP-2");
  }

  @Test
  @DisplayName("APP-2: calls of one thread that overlap are decided in the order of the calls")
  void callOrder() {
    made()
        .appendBy(1, 1, X)
        .answered(8, appended(2, 2))
        .appendBy(1, 2, Y)
        .answered(9, appended(1, 2))
        .holds(Y, X)
        .breaks("APP-2", "calls of one thread");
    made()
        .appendBy(1, 1, X)
        .answered(8, appended(2, 2))
        .appendBy(2, 2, Y)
        .answered(9, appended(1, 2))
        .holds(Y, X)
        .isLegal();
  }

  @Test
  @DisplayName(
      "APP-2: what several calls of unknown outcome may have written, the last one may have")
  void callOrderOfRetries() {
    NewEvent retried = event("p", 1, "x");
    made()
        .appendBy(1, 1, retried)
        .unknown(2)
        .appendBy(1, 3, Y)
        .answered(4, appended(1))
        .appendBy(1, 5, retried)
        .unknown(6)
        .holds(Y, retried)
        .isLegal();
    made()
        .appendBy(1, 1, retried)
        .unknown(2)
        .appendBy(1, 3, retried)
        .unknown(4)
        .appendBy(1, 5, Y)
        .answered(6, appended(1))
        .holds(Y, retried)
        .breaks("APP-2", "calls of one thread");
    made()
        .appendBy(1, 1, retried)
        .unknown(2)
        .appendBy(1, 3, Y)
        .answered(4, appended(1))
        .appendBy(2, 5, retried)
        .unknown(6)
        .holds(Y, retried)
        .isLegal();
  }

  @Test
  @DisplayName("Events without a producer that are alike cannot be told apart, which is said")
  void alike() {
    HandMade made = made().append(1, X).unknown(2).append(3, X).unknown(4);
    assertThatThrownBy(made::check).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("A history of 50,000 appends is checked")
  void many() {
    HandMade made = made();
    NewEvent[] all = new NewEvent[50_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = event("p" + i % 10, 1 + i / 10, "e" + i);
      HandMade.Call call = made.append(2L * i, all[i]);
      if (i % 7 == 0) {
        call.unknown(2L * i + 3);
      } else {
        call.answered(2L * i + 3, appended(i + 1, i + 1));
      }
    }
    made.holds(all).isLegal();
  }
}
