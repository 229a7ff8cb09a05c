package ai.starcite.internal.commit;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.commit.PendingEvents.Pending;
import ai.starcite.internal.commit.PendingEvents.Run;
import ai.starcite.internal.events.EventPages;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.segment.Content;
import ai.starcite.internal.session.ProducerState;
import ai.starcite.internal.session.ProducerTable;
import org.jspecify.annotations.Nullable;

/**
 * Checks a producer's event by its number (clause APP-4): known, next, or a conflict. A pending
 * event is compared with itself. Of a stored event, equal hashes are equal content; where they
 * differ, the JSON values are compared, for which the event may have to be read first. Guarded by
 * the lock of the session.
 */
final class ProducerCheck {
  /** How an event relates to those of its producer before it. */
  enum Standing {
    /** It is stored, or pending, with the same content. */
    KNOWN,
    /** It follows the producer's last event. */
    NEXT,
    /** It is the producer's first event. */
    FIRST,
    /** It is unknown until the page of {@link #wanted} is read. */
    NEEDS_PAGE
  }

  private final EventPages pages;
  private final ProducerTable producers;
  private final PendingEvents pending;
  private final FoundEvents found = new FoundEvents();
  private long wanted;

  ProducerCheck(EventPages pages, ProducerTable producers, PendingEvents pending) {
    this.pages = pages;
    this.producers = producers;
    this.pending = pending;
  }

  /** The seq whose page is needed. */
  long wanted() {
    return wanted;
  }

  /** Whether all events of a call repeat stored ones, so that nothing of it is written. */
  boolean areStored(QueuedAppend queued) {
    for (int i = 0; i < queued.known.length; i++) {
      ProducerState state =
          queued.call().producer(i) == null ? null : producers.get(queued.call().producer(i));
      long number = queued.call().number(i);
      if (state == null || number < state.first() || number > state.last()) {
        return false;
      }
    }
    return !queued.call().isWithoutEvents();
  }

  /**
   * Checks an event.
   *
   * @param earlier the producer's last number in the same batch, or 0
   * @throws SessionLogException the refusal
   */
  Standing check(QueuedAppend queued, int i, long earlier) {
    String producerId = queued.call().producer(i);
    long number = queued.call().number(i);
    Run run = pending.run(producerId);
    Pending same = run == null ? null : run.get(number);
    if (same != null) {
      if (!content(queued, i).equals(content(same.call(), same.index()))) {
        throw replayConflict(producerId, number, same.seq());
      }
      queued.repeatsPending = true;
      return known(queued, i, same.seq());
    }
    ProducerState state = producers.get(producerId);
    if (state != null && number >= state.first() && number <= state.last()) {
      return checkStored(queued, i, number, state);
    }
    long last = run == null ? earlier : Math.max(earlier, run.last());
    if (last == 0) {
      if (state == null) {
        return Standing.FIRST;
      }
      last = state.last();
    }
    if (last == Long.MAX_VALUE) {
      throw new SessionLogException(
          Code.PRODUCER_SEQ_CONFLICT,
          "producer " + producerId + " has used its last number; go on with another producer id");
    }
    if (number != last + 1) {
      String why =
          number > last
              ? "producer %s sent number %d, but %d comes next; send what is missing first"
              : "producer %s has no event %d, and is past that; number %d comes next";
      throw new SessionLogException(
              Code.PRODUCER_SEQ_CONFLICT, why.formatted(producerId, number, last + 1))
          .withExpectedProducerSeq(last + 1);
    }
    return Standing.NEXT;
  }

  private Standing checkStored(QueuedAppend queued, int i, long number, ProducerState state) {
    long seq = queued.foundAt(i);
    if (seq != 0) {
      return known(queued, i, seq);
    }
    FoundEvents.Found known =
        state.remembers(number)
            ? new FoundEvents.Found(state.seq(number), state.hash(number))
            : found.get(queued.call().producer(i), number);
    if (known == null) {
      return search(queued, i, number, state);
    }
    if (known.hash().equals(queued.call().hash(i))) {
      queued.setFound(i, known.seq());
      return known(queued, i, known.seq());
    }
    Page page = page(queued, known.seq());
    return page == null ? Standing.NEEDS_PAGE : compare(queued, i, number, page, known.seq());
  }

  private Standing search(QueuedAppend queued, int i, long number, ProducerState state) {
    String producerId = queued.call().producer(i);
    Search search = queued.search;
    if (search == null || search.index != i) {
      search = new Search(i, producerId, number, state.seqRange(number));
      queued.search = search;
    }
    while (!search.isOver()) {
      Page page = page(queued, search.at());
      if (page == null) {
        return Standing.NEEDS_PAGE;
      }
      long seq = search.look(page);
      if (seq != 0) {
        queued.search = null;
        found.put(producerId, number, seq, page.contentHash(seq));
        return compare(queued, i, number, page, seq);
      }
    }
    throw new SessionLogException(
        Code.CORRUPT,
        "event %d of producer %s is missing before seq %d; restore the session from a backup"
            .formatted(number, producerId, state.lastSeq()));
  }

  private Standing compare(QueuedAppend queued, int i, long number, Page page, long seq) {
    Event stored = page.event(seq);
    if (!content(queued, i).equals(new Content(stored.toNewEvent(), page.sealedWith(seq)))) {
      throw replayConflict(queued.call().producer(i), number, seq);
    }
    queued.setFound(i, seq);
    return known(queued, i, seq);
  }

  private static Standing known(QueuedAppend queued, int i, long seq) {
    queued.known[i] = true;
    queued.seqs[i] = seq;
    return Standing.KNOWN;
  }

  private @Nullable Page page(QueuedAppend queued, long seq) {
    Page page = queued.page != null && queued.page.contains(seq) ? queued.page : pages.cached(seq);
    if (page == null) {
      wanted = seq;
    }
    return page;
  }

  private static Content content(QueuedAppend queued, int i) {
    return new Content(queued.call().events().get(i), queued.call().sealsWith(i));
  }

  private static SessionLogException replayConflict(String producerId, long number, long seq) {
    return new SessionLogException(
            Code.PRODUCER_REPLAY_CONFLICT,
            "producer %s sent number %d with another content before, stored at seq %d; use the next"
                    .formatted(producerId, number, seq)
                + " number for a new event")
        .withCurrentSeq(seq);
  }
}
