package ai.starcite.testkit.history;

import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * Checks a {@link History} against what the sessions hold in the end. The log itself says in which
 * order the events came, so the checker need not search for an order that explains the answers, and
 * takes about as long as it takes to sort the calls.
 *
 * <ul>
 *   <li>Seqs have no holes and times never decrease; what was acknowledged is stored once, where
 *       the answer says and with the content that was sent; what is unknown is there as a whole or
 *       not at all; what failed for good is not there; and there is nothing else.
 *   <li>An append that was called after another was answered comes after it; so do the calls that
 *       one thread makes on one log, in a session that was never deleted.
 *   <li>Every answer, refusals included, was right at some moment while its call was under way:
 *       last seqs, conflicts and the numbers that they name, known events, seals.
 *   <li>A tail is a slice of the log from its cursor on, of events that were there when it
 *       delivered them; one that does not follow misses nothing that was acknowledged before.
 *   <li>Versions of a session follow each other one by one, each made by one change; no reader sees
 *       one go back, and no update that was acknowledged is lost.
 *   <li>A life of a session that was deleted is checked as far as tails and answers tell of it;
 *       nothing of it is in the next life.
 * </ul>
 *
 * <p>A violation is an {@link AssertionError} that names the clause of the contract, and prints the
 * calls that contradict each other.
 */
@NullMarked
public final class HistoryChecker {
  private final History history;
  private OptionalLong seed = OptionalLong.empty();

  /**
   * Makes a checker of a history.
   *
   * @param history the history, in which no call is under way any more
   */
  public HistoryChecker(History history) {
    this.history = Objects.requireNonNull(history, "history");
  }

  /**
   * Sets the seed that the history comes from, which is printed with a violation.
   *
   * @param newSeed the seed
   * @return this checker
   */
  public HistoryChecker withSeed(long newSeed) {
    seed = OptionalLong.of(newSeed);
    return this;
  }

  /**
   * Reads all sessions of the history and checks it. Nothing may write meanwhile.
   *
   * @param reader a log to read the sessions with
   * @throws AssertionError if two answers contradict each other
   */
  public void check(SessionLog reader) {
    Set<String> ids = new LinkedHashSet<>();
    history.recorder().sessionCalls().forEach(call -> ids.add(call.sessionId));
    history.recorder().appends().forEach(call -> ids.add(call.sessionId));
    history.recorder().tails().forEach(call -> ids.add(call.sessionId));
    List<FinalLog> ends = new ArrayList<>();
    for (String id : ids) {
      FinalLog.read(reader, id).ifPresent(ends::add);
      look(reader, id);
    }
    check(ends);
  }

  /** The last of all calls sees the last version. */
  private void look(SessionLog reader, String id) {
    try {
      history.get(reader, id);
    } catch (SessionLogException e) {
      if (e.code() != Code.SESSION_NOT_FOUND) {
        throw e;
      }
    }
  }

  /**
   * Checks the history.
   *
   * @param ends what the sessions hold in the end, without those that no longer exist
   * @throws AssertionError if two answers contradict each other
   */
  public void check(List<FinalLog> ends) {
    try {
      SessionHistory.of(history, ends).forEach(HistoryChecker::check);
    } catch (Contradiction e) {
      throw seed.isPresent() ? e.withSeed(seed.getAsLong()) : e;
    }
  }

  private static void check(SessionHistory session) {
    TailSlices tails = new TailSlices(session);
    tails.check();
    Acknowledgements.check(session);
    Authorship.check(session);
    session.checkMissing();
    Verdicts verdicts = new Verdicts(session);
    for (Life life : session.lives.values()) {
      CommitBounds bounds = new CommitBounds(life);
      new Seals(session, life, bounds).bound();
      verdicts.check(life, bounds);
      tails.bound(life, bounds);
      bounds.check();
      CallOrder.check(session, life, verdicts);
      new Versions(session, life).check();
    }
  }
}
