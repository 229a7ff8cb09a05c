package ai.starcite.testkit.history;

import static ai.starcite.testkit.history.HandMade.appended;
import static ai.starcite.testkit.history.HandMade.event;
import static ai.starcite.testkit.history.HandMade.failure;
import static ai.starcite.testkit.history.HandMade.stored;

import ai.starcite.AppendOptions;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailEnd;
import ai.starcite.TailOptions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The checker catches what breaks a rule of seals, of lives of a session, and of tails. */
class HistoryCheckerLifeTest {
  private static final NewEvent X = event("x");
  private static final NewEvent Y = event("y");
  private static final Event X1 = stored(1, X);
  private static final Event Y2 = stored(2, Y);
  private static final AppendOptions SEAL = AppendOptions.defaults().withSeal();
  private static final TailOptions ALL = TailOptions.from(0);
  private static final TailOptions NOW = ALL.withoutFollowing();

  /** The event is acknowledged in the interval 1 to 2. */
  private static HandMade first() {
    return new HandMade().append(1, X).answered(2, appended(1));
  }

  /** Two events, the second one acknowledged in the interval 3 to 9. */
  private static HandMade two() {
    return first().append(3, Y).answered(9, appended(2)).holds(X, Y);
  }

  @Test
  @DisplayName("SES-8: an append that was acknowledged after the seal is caught")
  void appendAfterSeal() {
    HandMade late = first().sealed(3, 4, 1).append(5, Y).answered(6, appended(2));
    late.holds(X, Y).isSealed().breaks("SES-8", "the seal");
    HandMade meanwhile = first().sealed(3, 6, 2).append(4, Y).answered(5, appended(2));
    meanwhile.holds(X, Y).isSealed().isLegal();
  }

  @Test
  @DisplayName("SES-8: a seal that came with an event and is not the end is caught")
  void sealWithEvent() {
    HandMade sealing = new HandMade().append(1, SEAL, X).answered(2, appended(1));
    sealing.append(1, Y).unknown(2).holds(X, Y).isSealed().breaks("SES-8");
    HandMade forgotten = new HandMade().append(1, SEAL, X).answered(2, appended(1));
    forgotten.holds(X).breaks("SES-8", "not sealed");
    new HandMade().append(1, SEAL, X).answered(2, appended(1)).holds(X).isSealed().isLegal();
  }

  @Test
  @DisplayName("SES-8: a refusal for a seal that was not there is caught")
  void sealedRefusal() {
    HandMade never = first().append(3, Y).failed(4, failure(Code.SESSION_SEALED));
    never.holds(X).breaks("SES-8", "not sealed");
    HandMade early = first().append(3, Y).failed(4, failure(Code.SESSION_SEALED));
    early.sealed(5, 6, 1).holds(X).isSealed().breaks("SES-8", "the seal");
    HandMade right = first().sealed(3, 6, 1).append(4, Y).failed(5, failure(Code.SESSION_SEALED));
    right.holds(X).isSealed().isLegal();
  }

  @Test
  @DisplayName("SES-8: a seal that nobody asked for, and one that goes away, are caught")
  void sealOfNobody() {
    first().holds(X).isSealed().breaks("SES-8", "nobody sealed");
    first().sealed(3, 4, 1).holds(X).breaks("SES-8");
    first().sealed(3, 4, 1).read(5, 6, false, 1).holds(X).isSealed().breaks("SES-8");
    first().read(3, 4, false, 1).sealed(5, 6, 1).read(7, 8, true, 1).holds(X).isSealed().isLegal();
  }

  @Test
  @DisplayName("SES-7: an event of an old life in the new one is caught")
  void oldEventInNewLife() {
    HandMade haunted = new HandMade().created(1, 2, "one").append(3, X).unknown(4);
    haunted.deleted(5, 6).created(7, 8, "two").holds(X).isLegal();
    HandMade refused = new HandMade().created(1, 2, "one").append(3, X).answered(4, appended(1));
    refused.deleted(5, 6).created(7, 8, "two").holds(X).breaks("SES-7");
    HandMade again = new HandMade().created(1, 2, "one").append(3, X).answered(4, appended(1));
    again.deleted(5, 6).created(7, 8, "two").append(9, Y).answered(10, appended(1));
    again.holds(Y).isLegal();
  }

  @Test
  @DisplayName("SES-7: a life goes on at seq 1, and what was deleted acknowledges no more")
  void afterDeletion() {
    HandMade late = new HandMade().created(1, 2, "one").deleted(3, 4);
    late.append(5, X).answered(6, appended(1)).isGone().breaks("SES-7", "no such session");
    HandMade meanwhile = new HandMade().created(1, 2, "one").deleted(3, 6);
    meanwhile.append(4, X).answered(5, appended(1)).isGone().isLegal();
    HandMade goesOn = new HandMade().created(1, 2, "one").append(3, X).answered(4, appended(1));
    goesOn.deleted(5, 6).created(7, 8, "two").append(9, Y).answered(10, appended(2));
    goesOn.holds(Y).breaks("APP-1");
  }

  @Test
  @DisplayName("SES-1: a create of unknown outcome may have begun a life that others met")
  void unknownCreate() {
    HandMade met = new HandMade().created(1, 2, "one").append(3, X).answered(9, appended(1));
    met.deleted(4, 5).unknownCreate(6, 7).append(7, Y).answered(8, appended(1));
    met.deleted(10, 11).isGone().isLegal();
    HandMade none = new HandMade().created(1, 2, "one").append(3, X).answered(9, appended(1));
    none.deleted(4, 5).append(7, Y).answered(8, appended(1)).deleted(10, 11);
    none.isGone().breaks("APP-2", "two appends");
  }

  @Test
  @DisplayName("APP-1: a session that is gone though nobody deleted it is caught")
  void vanished() {
    new HandMade().created(1, 2, "one").isGone().breaks("APP-1", "is gone");
    new HandMade().created(1, 2, "one").deleted(3, 4).isGone().isLegal();
  }

  @Test
  @DisplayName("SES-1: a session that was not found though it was there is caught")
  void notFound() {
    HandMade there = new HandMade().created(1, 2, "one");
    there.append(3, X).failed(4, failure(Code.SESSION_NOT_FOUND)).breaks("SES-1");
    HandMade before = new HandMade().created(2, 3, "one");
    before.append(1, X).failed(4, failure(Code.SESSION_NOT_FOUND)).isLegal();
  }

  @Test
  @DisplayName("APP-2: in a life that was deleted, what answers and tails tell agrees")
  void deletedLife() {
    HandMade one = new HandMade().created(1, 2, "one").append(3, X).answered(4, appended(2));
    one.append(5, Y).answered(6, appended(1)).deleted(7, 8).isGone().breaks("APP-2", "seq 1");
    HandMade two = new HandMade().created(1, 2, "one").append(3, X).answered(4, appended(1));
    two.tail(5, 6, ALL, List.of(stored(1, Y)), 7, TailEnd.CLOSED).append(3, Y).unknown(4);
    two.deleted(9, 10).isGone().breaks("APP-2", "acknowledged for");
  }

  @Test
  @DisplayName("TAIL-1: a tail that leaves out or repeats an event is caught")
  void slice() {
    two().tail(10, 11, ALL, List.of(Y2), 12, TailEnd.CLOSED).breaks("TAIL-1", "seq 1 comes");
    two().tail(10, 11, ALL, List.of(X1, X1), 12, TailEnd.CLOSED).breaks("TAIL-1");
    two().tail(10, 11, TailOptions.from(1), List.of(X1), 12, TailEnd.CLOSED).breaks("TAIL-1");
    two().tail(10, 11, ALL, List.of(X1), 12, TailEnd.CLOSED).isLegal();
    two().tail(10, 11, TailOptions.from(1), List.of(Y2), 12, TailEnd.CLOSED).isLegal();
  }

  @Test
  @DisplayName("EVT-2, TAIL-2: a tail that delivers what is not stored is caught")
  void notStored() {
    two().tail(10, 11, ALL, List.of(stored(1, Y)), 12, TailEnd.CLOSED).breaks("EVT-2");
    Event third = stored(3, event("z"));
    two().tail(10, 11, TailOptions.from(2), List.of(third), 12, TailEnd.CLOSED).breaks("TAIL-2");
  }

  @Test
  @DisplayName("TAIL-2: an event that is seen before its append was called is caught")
  void seenEarly() {
    first()
        .tail(3, 4, ALL, List.of(X1, Y2), 5, TailEnd.CLOSED)
        .append(6, Y)
        .answered(7, appended(2))
        .holds(X, Y)
        .breaks("TAIL-2", "seq 2");
    first()
        .tail(3, 4, ALL, List.of(X1, Y2), 7, TailEnd.CLOSED)
        .append(6, Y)
        .answered(8, appended(2))
        .holds(X, Y)
        .isLegal();
  }

  @Test
  @DisplayName("TAIL-2, TAIL-6: a tail that does not follow and misses what was acknowledged")
  void missed() {
    two().tail(10, 11, NOW, List.of(X1), 12, TailEnd.BOUND).breaks("TAIL-2, TAIL-6");
    two().tail(7, 8, NOW, List.of(X1), 12, TailEnd.BOUND).isLegal();
    two().tail(7, 8, NOW, List.of(X1, Y2), 12, TailEnd.BOUND).isLegal();
    two().tail(10, 11, NOW.withLimit(1), List.of(X1), 12, TailEnd.BOUND).isLegal();
  }

  @Test
  @DisplayName("TAIL-6: a tail that ends at a bound that it does not have is caught")
  void bounds() {
    two().tail(10, 11, ALL.withLimit(1), List.of(X1, Y2), 12, TailEnd.BOUND).breaks("TAIL-6");
    two().tail(10, 11, ALL, List.of(X1, Y2), 12, TailEnd.BOUND).breaks("TAIL-6");
    two().tail(10, 11, ALL.withLimit(2), List.of(X1, Y2), 12, TailEnd.BOUND).isLegal();
  }

  @Test
  @DisplayName("TAIL-4: a cursor that was refused though it was not ahead is caught")
  void cursorAhead() {
    var at1 = failure(Code.CURSOR_AHEAD).withCurrentSeq(1);
    two().refusedTail(10, 11, 2, at1).breaks("TAIL-4", "the last seq of a refused cursor");
    two().refusedTail(4, 5, 1, at1).breaks("TAIL-4", "not ahead");
    two().refusedTail(4, 5, 2, at1).isLegal();
  }

  @Test
  @DisplayName("TAIL-8: a tail that ended as sealed or deleted when the session was not is caught")
  void ends() {
    two().tail(10, 11, ALL, List.of(X1, Y2), 12, TailEnd.SEALED).breaks("SES-8, TAIL-8");
    two()
        .sealed(10, 11, 2)
        .isSealed()
        .tail(12, 13, ALL, List.of(X1), 14, TailEnd.SEALED)
        .breaks("SES-8, TAIL-8", "goes on to seq 2");
    two()
        .sealed(10, 11, 2)
        .isSealed()
        .tail(12, 13, ALL, List.of(X1, Y2), 14, TailEnd.SEALED)
        .isLegal();
    two().tail(10, 11, ALL, List.of(X1), 12, TailEnd.DELETED).breaks("SES-7");
  }
}
