package ai.starcite.internal.commit;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.append.AppendCall;
import ai.starcite.internal.commit.PendingEvents.Pending;
import ai.starcite.internal.commit.PendingEvents.Run;
import ai.starcite.internal.events.EventPages;
import ai.starcite.internal.events.Page;
import ai.starcite.internal.segment.Content;
import ai.starcite.internal.session.ProducerState;
import ai.starcite.internal.session.ProducerTable;
import org.jspecify.annotations.Nullable;

/**
 * Judges a producer's event by its number (clause APP-4): known, next, or a conflict. An event that
 * is pending is compared with itself. Of one that is stored, equal hashes are equal content;
 * different ones are settled by comparing JSON values with the event itself, which may have to be
 * read from the store first.
 */
final class ProducerCheck {
  /** How an event stands to those of its producer before it. */
  enum Standing {
    /** It is stored, or pending, with the same content. */
    KNOWN,
    /** It follows the producer's last event. */
    NEXT,
    /** It is the producer's first event. */
    FIRST,
    /** It cannot be told before {@link #wanted} is read. */
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

  /** Whether all events of an op repeat stored ones, so that nothing of it is written. */
  boolean areStored(AppendCall op) {
    for (int i = 0; i < op.producers.length; i++) {
      ProducerState state = op.producers[i] == null ? null : producers.get(op.producers[i]);
      long number = CoreAccess.access().producerSeq(op.events.get(i));
      if (state == null || number < state.first() || number > state.last()) {
        return false;
      }
    }
    return !op.isWithoutEvents();
  }

  /**
   * Judges an event.
   *
   * @param earlier the producer's last number in the same batch, or 0
   * @throws SessionLogException the refusal
   */
  Standing judge(AppendCall op, int i, long earlier) {
    String producerId = op.producers[i];
    long number = CoreAccess.access().producerSeq(op.events.get(i));
    Run run = pending.run(producerId);
    Pending same = run == null ? null : run.get(number);
    if (same != null) {
      if (!content(op, i).equals(content(same.op(), same.index()))) {
        throw replayConflict(producerId, number, same.seq());
      }
      op.knownPending = true;
      return known(op, i, same.seq());
    }
    ProducerState state = producers.get(producerId);
    if (state != null && number >= state.first() && number <= state.last()) {
      return judgeStored(op, i, number, state);
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

  private Standing judgeStored(AppendCall op, int i, long number, ProducerState state) {
    long seq = op.foundAt(i);
    if (seq != 0) {
      return known(op, i, seq);
    }
    FoundEvents.Found known =
        state.remembers(number)
            ? new FoundEvents.Found(state.seq(number), state.hash(number))
            : found.get(op.producers[i], number);
    if (known == null) {
      return search(op, i, number, state);
    }
    if (known.hash().equals(op.hashes[i])) {
      op.setFound(i, known.seq());
      return known(op, i, known.seq());
    }
    Page page = page(op, known.seq());
    return page == null ? Standing.NEEDS_PAGE : compare(op, i, number, page, known.seq());
  }

  private Standing search(AppendCall op, int i, long number, ProducerState state) {
    String producerId = op.producers[i];
    Search search = op.search;
    if (search == null || search.index != i) {
      search = new Search(i, producerId, number, state.seqRange(number));
      op.search = search;
    }
    while (!search.isOver()) {
      Page page = page(op, search.at());
      if (page == null) {
        return Standing.NEEDS_PAGE;
      }
      long seq = search.look(page);
      if (seq != 0) {
        op.search = null;
        found.put(producerId, number, seq, page.contentHash(seq));
        return compare(op, i, number, page, seq);
      }
    }
    throw new SessionLogException(
        Code.CORRUPT,
        "event %d of producer %s is missing before seq %d; restore the session from a backup"
            .formatted(number, producerId, state.lastSeq()));
  }

  private Standing compare(AppendCall op, int i, long number, Page page, long seq) {
    Event stored = page.event(seq);
    if (!content(op, i).equals(new Content(stored.toNewEvent(), page.sealedWith(seq)))) {
      throw replayConflict(op.producers[i], number, seq);
    }
    op.setFound(i, seq);
    return known(op, i, seq);
  }

  private static Standing known(AppendCall op, int i, long seq) {
    op.known[i] = true;
    op.seqs[i] = seq;
    return Standing.KNOWN;
  }

  private @Nullable Page page(AppendCall op, long seq) {
    Page page = op.page != null && op.page.contains(seq) ? op.page : pages.cached(seq);
    if (page == null) {
      wanted = seq;
    }
    return page;
  }

  private static Content content(AppendCall op, int i) {
    return new Content(op.events.get(i), op.sealsWith(i));
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
