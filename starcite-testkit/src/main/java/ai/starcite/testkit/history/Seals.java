package ai.starcite.testkit.history;

import ai.starcite.Session;
import ai.starcite.testkit.history.CommitBounds.Bound;
import ai.starcite.testkit.history.RecordedSessionCall.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Who sealed a life of a session, and what its readers saw of it. */
final class Seals {
  private final SessionHistory session;
  private final Life life;
  private final CommitBounds bounds;

  Seals(SessionHistory session, Life life, CommitBounds bounds) {
    this.session = session;
    this.life = life;
    this.bounds = bounds;
  }

  /** Adds the seal to the bounds, and what calls tell of it and of the last seq. */
  void bound() {
    if (life.isSealed() && !isSealedByLastEvent()) {
      List<RecordedCall> sealers = sealers();
      if (sealers.isEmpty()) {
        throw Contradiction.of("SES-8", life + " is sealed, but nobody sealed it");
      }
      RecordedCall first = sealers.get(0);
      bounds.addSeal(new Bound(first.invoked, "SES-8", "the call that sealed was made", first));
    }
    for (RecordedSessionCall call : session.sessionCalls) {
      if (call.succeeded()
          && (call.kind == Kind.GET || call.kind == Kind.UPDATE || call.kind == Kind.SEAL)
          && call.session().incarnation().equals(life.incarnation)) {
        read(call, call.session());
      }
    }
  }

  private boolean isSealedByLastEvent() {
    if (life.slots.isEmpty()) {
      return false;
    }
    Slot last = life.slots.lastEntry().getValue();
    RecordedAppend author = last.author;
    return author != null
        && author.seal
        && author.events.get(author.events.size() - 1).equals(last.content);
  }

  private List<RecordedCall> sealers() {
    List<RecordedCall> sealers = new ArrayList<>();
    session.sessionCalls.stream()
        .filter(call -> call.kind == Kind.SEAL && !call.failedForGood())
        .filter(
            call ->
                call.succeeded()
                    ? call.session().incarnation().equals(life.incarnation)
                    : life.mayMeet(call))
        .forEach(sealers::add);
    session.appends.stream()
        .filter(call -> call.seal && call.isUnknown() && life.mayMeet(call))
        .forEach(sealers::add);
    sealers.sort(Comparator.comparingLong(call -> call.invoked));
    return sealers;
  }

  private void read(RecordedSessionCall call, Session read) {
    if (read.sealed() && life.isComplete() && !life.isSealed()) {
      throw Contradiction.of("SES-8", life + " was sealed for a call, but is not", call);
    }
    if (call.kind == Kind.SEAL && !read.sealed()) {
      throw Contradiction.of("SES-8", "a session was sealed, and then was not", call);
    }
    if (read.sealed() && life.isSealed()) {
      bounds.sealed(new Bound(call.answered(), "SES-8", "it was read as sealed", call));
    } else if (!read.sealed()) {
      bounds.notSealed(new Bound(call.invoked, "SES-8", "it was read as not sealed", call));
    }
    bounds.wasLast(read.lastSeq(), call, "SES-3", "last_seq of the session");
  }
}
