package ai.starcite.testkit.history;

import static ai.starcite.testkit.history.HandMade.failure;

import ai.starcite.Json;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The checker catches updates that are lost, repeated, or answered with a wrong version. */
class HistoryCheckerVersionTest {
  private static final SessionUpdate A = setting("a");
  private static final SessionUpdate B = setting("b");
  private static final String SEEN_A = "{\"a\":1}";
  private static final String SEEN_B = "{\"b\":1}";
  private static final String SEEN_BOTH = "{\"a\":1,\"b\":1}";

  private static SessionUpdate setting(String key) {
    return SessionUpdate.defaults().withMetadata(Json.parse("{\"" + key + "\":1}"));
  }

  private static SessionLogException conflict(long current) {
    return failure(Code.VERSION_CONFLICT).withCurrentVersion(current);
  }

  private static HandMade one() {
    return new HandMade().created(1, 2, "one");
  }

  private static HandMade two() {
    return one().updated(3, 4, A, 2, SEEN_A);
  }

  @Test
  @DisplayName("SES-4: two updates that made the same version are caught")
  void sameVersion() {
    two().updated(3, 6, B, 2, SEEN_B).breaks("SES-4", "made version 2");
    two().updated(3, 6, B, 3, SEEN_BOTH).isLegal();
  }

  @Test
  @DisplayName("SES-4: an update that did not come right behind what it expected is caught")
  void expected() {
    two().updated(5, 6, B.withExpectedVersion(1), 3, SEEN_BOTH).breaks("SES-4", "right behind");
    two().updated(5, 6, B.withExpectedVersion(2), 3, SEEN_BOTH).isLegal();
  }

  @Test
  @DisplayName("SES-4: a version that goes back is caught")
  void goesBack() {
    two().sees(5, 6, 1, "", "{}").breaks("SES-4", "version 2");
    two().sees(3, 6, 1, "", "{}").isLegal();
    two().updated(5, 6, B, 2, SEEN_B).breaks("SES-4");
  }

  @Test
  @DisplayName("SES-4: a version that is seen before it was made is caught")
  void seenEarly() {
    one().sees(3, 4, 2, "", SEEN_A).updated(5, 6, A, 2, SEEN_A).breaks("SES-4", "version 2");
    one().sees(3, 5, 2, "", SEEN_A).updated(4, 6, A, 2, SEEN_A).isLegal();
  }

  @Test
  @DisplayName("SES-4: an acknowledged update that is lost is caught")
  void lost() {
    two().updated(5, 6, B, 3, SEEN_B).breaks("SES-4", "without an update");
    SessionUpdate titled = A.withTitle("t");
    one()
        .updated(3, 4, titled, 2, SEEN_A)
        .updated(5, 6, B, 3, SEEN_BOTH)
        .breaks("SES-4", "without");
    two().updated(5, 6, B, 3, SEEN_BOTH).sees(7, 8, 3, "", SEEN_BOTH).isLegal();
    SessionUpdate removing = SessionUpdate.defaults().withMetadata(Json.parse("{\"a\":null}"));
    two().updated(5, 6, removing, 3, "{}").isLegal();
    two()
        .failedUpdate(5, 6, removing, failure(Code.OUTCOME_UNKNOWN))
        .sees(7, 8, 3, "", "{}")
        .isLegal();
  }

  @Test
  @DisplayName(
      "SES-4: an update that was made twice, and one that was refused and made, are caught")
  void notByAnybody() {
    two().sees(5, 6, 3, "", SEEN_A).breaks("SES-4", "made by nobody");
    SessionLogException unknown = failure(Code.OUTCOME_UNKNOWN);
    two().failedUpdate(5, 6, B, unknown).sees(7, 8, 3, "", SEEN_BOTH).isLegal();
    two().failedUpdate(5, 6, B, unknown).sees(7, 8, 4, "", SEEN_BOTH).breaks("SES-4", "by nobody");
    SessionLogException timeless = failure(Code.STORE_UNAVAILABLE);
    two()
        .failedUpdate(5, 6, B, unknown)
        .sees(7, 8, 3, "", SEEN_A)
        .sees(9, 10, 2, "", SEEN_A)
        .breaks("SES-4");
    two()
        .failedUpdate(5, 6, A, unknown)
        .failedUpdate(5, 6, B, timeless)
        .sees(7, 8, 3, "", SEEN_BOTH)
        .breaks("SES-4", "nobody has set the metadata b");
  }

  @Test
  @DisplayName("SES-4: one version that is seen as two is caught")
  void differs() {
    two().sees(5, 6, 2, "t", SEEN_A).breaks("SES-4", "seen as two");
    two().sees(5, 6, 2, "", "{ \"a\" : 1 }").isLegal();
  }

  @Test
  @DisplayName("SES-4: a conflict names a version that there was while its call was under way")
  void conflicts() {
    SessionUpdate expecting = B.withExpectedVersion(2);
    two().failedUpdate(5, 6, expecting, conflict(2)).breaks("SES-4", "expectation was met");
    two().failedUpdate(5, 6, expecting, conflict(1)).breaks("SES-4", "version 2");
    two().failedUpdate(3, 6, expecting, conflict(1)).isLegal();
    two().failedUpdate(5, 6, expecting, conflict(4)).breaks("SES-4", "by nobody");
    one()
        .failedUpdate(2, 3, B.withExpectedVersion(1), conflict(2))
        .updated(4, 5, A, 2, SEEN_A)
        .breaks("SES-4");
  }

  @Test
  @DisplayName("SES-4: a seal makes one version, and no more")
  void seal() {
    one().sealed(3, 4, 0).sealed(5, 6, 0).isSealed().isLegal();
    one().sees(3, 4, 3, "", "{}").sealed(5, 6, 0).isSealed().breaks("SES-4");
  }

  @Test
  @DisplayName("SES-7: versions of one life say nothing of another's")
  void lives() {
    two().deleted(5, 6).created(7, 8, "two").sees(9, 10, 1, "", "{}").isLegal();
    two().deleted(5, 6).created(7, 8, "two").sees(9, 10, 2, "", SEEN_A).breaks("SES-4");
  }
}
