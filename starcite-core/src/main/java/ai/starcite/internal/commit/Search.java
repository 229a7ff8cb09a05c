package ai.starcite.internal.commit;

import ai.starcite.internal.events.Page;
import ai.starcite.internal.segment.EventFilter;
import ai.starcite.internal.session.SeqRange;
import java.util.Set;

/**
 * Looks for an old event of a producer in the log. Its numbers grow with the seqs, so that each of
 * its events that is met tells on which side the one that is looked for lies. The range is read by
 * turns at its start and at its end, where the event is if the producer wrote without a pause, and
 * in between.
 */
public final class Search {
  /** Once at each end, and some times in between. */
  private static final int TURNS = 6;

  private final EventFilter filter;
  private final long number;

  /** Which event of its call is looked for. */
  final int index;

  private long from;
  private long to;
  private long at;
  private int turn;

  /** How many places between start and end were read since the range last became smaller. */
  private int between;

  Search(int index, String producerId, long number, SeqRange range) {
    this.index = index;
    this.filter = new EventFilter(Set.of(), Set.of(), Set.of(producerId));
    this.number = number;
    this.from = range.from();
    this.to = range.to();
    turn();
  }

  private void turn() {
    at =
        switch (turn++ % TURNS) {
          case 0 -> from;
          case 1 -> to;
          default -> between();
        };
  }

  /** The middle, then the quarters, the eighths and so on, until something is met. */
  private long between() {
    double place = (Integer.reverse(++between) >>> 1) / (double) (1 << 30) / 2;
    return from + (long) ((to - from) * place);
  }

  /** Whether the event is nowhere. */
  boolean isOver() {
    return from > to;
  }

  /** The seq whose page is needed next. */
  long at() {
    return at;
  }

  /** Takes the page that was needed; gives the event's seq if it is there, else 0. */
  long look(Page page) {
    long start = Math.max(from, page.firstSeq());
    long end = Math.min(page.nextSeq(), to + 1);
    long seq = page.firstMatch(start, end, filter);
    boolean none = seq == end;
    if (!none && turn > 2) {
      // It is halved as long as that goes well.
      turn = 2;
      between = 0;
    }
    for (; seq < end; seq = page.firstMatch(seq + 1, end, filter)) {
      long here = page.event(seq).producerSeq().orElse(0);
      if (here == number) {
        return seq;
      }
      if (here > number) {
        // Nothing of the producer lies between the start and this one but what comes before.
        to = Math.min(from > start ? from - 1 : start - 1, seq - (here - number));
        turn();
        return 0;
      }
      from = seq + (number - here);
    }
    if (!none || start == from) {
      from = Math.max(from, end);
    }
    if (none && end > to) {
      to = start - 1;
    }
    turn();
    return 0;
  }
}
