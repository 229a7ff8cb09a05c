package ai.starcite.testkit.history;

import static ai.starcite.testkit.history.HandMade.appended;
import static ai.starcite.testkit.history.HandMade.deduped;
import static ai.starcite.testkit.history.HandMade.event;
import static ai.starcite.testkit.history.HandMade.failure;

import ai.starcite.AppendOptions;
import ai.starcite.NewEvent;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The checker catches answers that were not right at any moment of their calls. */
class HistoryCheckerVerdictTest {
  private static final NewEvent A = event("p", 1, "a");
  private static final NewEvent B = event("p", 2, "b");
  private static final NewEvent X = event("x");
  private static final AppendOptions SEAL = AppendOptions.defaults().withSeal();

  /** The event is stored at seq 1, acknowledged in the interval. */
  private static HandMade first(NewEvent event, long invoked, long answered) {
    return new HandMade().append(invoked, event).answered(answered, appended(1));
  }

  private static AppendOptions expecting(long seq) {
    return AppendOptions.defaults().withExpectedSeq(seq);
  }

  private static SessionLogException expectedConflict(long current) {
    return failure(Code.EXPECTED_SEQ_CONFLICT).withCurrentSeq(current);
  }

  private static SessionLogException gap(long next) {
    return failure(Code.PRODUCER_SEQ_CONFLICT).withExpectedProducerSeq(next);
  }

  @Test
  @DisplayName("APP-4: a retry that was given the seq of another event is caught")
  void dedupedElsewhere() {
    HandMade wrong = first(X, 1, 2).append(3, A).answered(4, appended(2));
    wrong.append(5, A).answered(6, deduped(1, 2)).holds(X, A).breaks("APP-4", "a retry of");
    HandMade right = first(X, 1, 2).append(3, A).answered(4, appended(2));
    right.append(5, A).answered(6, deduped(2, 2)).holds(X, A).isLegal();
  }

  @Test
  @DisplayName("APP-4: other content that was taken for a retry is caught, other bytes are not")
  void dedupedContent() {
    NewEvent other = event("p", 1, "not a");
    first(A, 1, 2).append(3, other).answered(4, deduped(1, 1)).holds(A).breaks("APP-4");
    NewEvent spaced =
        NewEvent.of("content", ai.starcite.Json.parse("{ \"text\" : \"a\" }")).withProducer("p", 1);
    first(A, 1, 2).append(3, spaced).answered(4, deduped(1, 1)).holds(A).isLegal();
  }

  @Test
  @DisplayName("APP-4, APP-2: a last seq that was stale, or did not exist yet, is caught")
  void lastSeq() {
    HandMade stale = first(A, 1, 2).append(3, X).answered(4, appended(2));
    stale.append(5, A).answered(6, deduped(1, 1)).holds(A, X).breaks("APP-4", "last_seq was 1");
    HandMade early = first(A, 1, 2).append(3, A).answered(4, deduped(1, 2));
    early.append(5, X).answered(6, appended(2)).holds(A, X).breaks("APP-4", "last_seq was 2");
    HandMade overlapping = first(A, 1, 2).append(3, X).answered(6, appended(2));
    overlapping.append(4, A).answered(5, deduped(1, 1)).holds(A, X).isLegal();
    first(A, 1, 2).append(3, X).answered(4, appended(2, 3)).holds(A, X).breaks("APP-2");
  }

  @Test
  @DisplayName("APP-5: an append that did not come behind what it expected is caught")
  void expectedSeq() {
    HandMade wrong = first(A, 1, 2).append(3, expecting(0), X).answered(4, appended(2));
    wrong.holds(A, X).breaks("APP-5", "right behind");
    first(A, 1, 2).append(3, expecting(0), X).unknown(4).holds(A, X).breaks("APP-5");
    first(A, 1, 2).append(3, expecting(1), X).answered(4, appended(2)).holds(A, X).isLegal();
  }

  @Test
  @DisplayName("APP-5: a conflict names a seq that was the last one while its call was under way")
  void expectedSeqConflict() {
    HandMade met = first(A, 1, 2).append(3, expecting(1), X).failed(4, expectedConflict(1));
    met.holds(A).breaks("APP-5", "expectation was met");
    HandMade absent = first(A, 1, 2).append(3, expecting(0), X).failed(4, expectedConflict(2));
    absent.holds(A).breaks("APP-5", "up to seq 1 only");
    HandMade late = new HandMade().append(1, expecting(2), X).failed(2, expectedConflict(1));
    late.append(3, A).answered(4, appended(1)).holds(A).breaks("APP-5", "the current seq");
    HandMade stale = first(A, 1, 2).append(3, B).answered(4, appended(2));
    stale.append(5, expecting(0), X).failed(6, expectedConflict(1));
    stale.holds(A, B).breaks("APP-5", "the current seq");
    HandMade right = first(A, 1, 2).append(3, B).answered(6, appended(2));
    right.append(4, expecting(0), X).failed(5, expectedConflict(1)).holds(A, B).isLegal();
  }

  @Test
  @DisplayName("APP-4: numbers of a producer that do not follow each other are caught")
  void producerOrder() {
    NewEvent third = event("p", 3, "c");
    HandMade skipping = first(A, 1, 2).append(3, third).answered(4, appended(2));
    skipping.holds(A, third).breaks("APP-4", "do not follow");
    HandMade following = first(B, 1, 2).append(3, third).answered(4, appended(2));
    following.holds(B, third).isLegal();
  }

  @Test
  @DisplayName("APP-4: a gap names the number that came next while its call was under way")
  void producerConflict() {
    NewEvent fourth = event("p", 4, "d");
    first(A, 1, 2).append(3, fourth).failed(4, gap(3)).holds(A).breaks("APP-4", "number 3");
    HandMade stale = first(A, 1, 2).append(3, B).answered(4, appended(2));
    stale.append(5, fourth).failed(6, gap(2)).holds(A, B).breaks("APP-4", "comes next");
    HandMade next = first(A, 1, 2).append(3, B).failed(4, gap(2));
    next.holds(A).breaks("APP-4", "is said to come next");
    first(A, 1, 2).append(3, fourth).failed(4, gap(2)).holds(A).isLegal();
  }

  @Test
  @DisplayName("APP-4: a failure that is shared with an event before it says nothing of its own")
  void sharedFailure() {
    HandMade queued = first(A, 1, 2).append(3, event("p", 4, "d")).failed(8, gap(2));
    queued.append(4, event("p", 5, "e")).failed(9, gap(2)).holds(A).isLegal();
    HandMade twice = first(A, 1, 2).append(3, expecting(0), B).failed(8, expectedConflict(1));
    NewEvent third = event("p", 3, "c");
    HandMade late = first(A, 1, 2).append(3, expecting(0), B).failed(9, expectedConflict(1));
    late.append(4, X).answered(5, appended(2));
    late.append(6, third).failed(10, expectedConflict(1)).holds(A, X).isLegal();
    twice.append(4, expecting(1), third).failed(9, expectedConflict(1)).holds(A).isLegal();
  }

  @Test
  @DisplayName("APP-4: a replay conflict names the seq of the pair, which has other content")
  void replayConflict() {
    SessionLogException at1 = failure(Code.PRODUCER_REPLAY_CONFLICT).withCurrentSeq(1);
    NewEvent forged = event("p", 1, "not a");
    first(A, 1, 2).append(3, forged).failed(4, at1).holds(A).isLegal();
    first(X, 1, 2).append(3, forged).failed(4, at1).holds(X).breaks("APP-4", "no such pair");
    new HandMade()
        .append(3, forged)
        .failed(4, at1)
        .append(5, A)
        .answered(6, appended(1))
        .holds(A)
        .breaks("APP-4", "replay conflict");
    first(A, 1, 2).append(3, SEAL, A).failed(4, at1).holds(A).isLegal();
  }

  @Test
  @DisplayName("APP-6: a retry of what was acknowledged that was refused is caught")
  void refusedRetry() {
    HandMade.Call wrong = first(A, 1, 2).sealed(3, 4, 1).append(5, A);
    wrong.failed(6, failure(Code.SESSION_SEALED)).holds(A).isSealed().breaks("APP-6");
    HandMade.Call behind = first(A, 1, 2).append(5, expecting(0), A);
    behind.failed(6, expectedConflict(1)).holds(A).breaks("APP-6");
    HandMade.Call meanwhile = first(A, 1, 4).append(3, expecting(0), A);
    meanwhile.failed(6, expectedConflict(1)).holds(A).isLegal();
  }

  @Test
  @DisplayName("SES-3: a last seq that was read and goes back is caught")
  void readLastSeq() {
    HandMade back = first(A, 1, 9).read(2, 3, false, 1).read(4, 5, false, 0);
    back.holds(A).breaks("SES-3");
    first(A, 1, 9).read(2, 3, false, 0).read(4, 5, false, 1).holds(A).isLegal();
  }
}
