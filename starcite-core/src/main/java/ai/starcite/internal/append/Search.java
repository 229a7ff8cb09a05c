package ai.starcite.internal.append;

import ai.starcite.Event;
import ai.starcite.internal.segment.EventFilter;
import ai.starcite.internal.segment.Page;
import ai.starcite.internal.session.SeqRange;
import java.util.Set;

/**
 * Looks for an old event of a producer in the log. Its numbers grow with the seqs, so that each of
 * its events that is met tells on which side the one that is looked for lies: the range is halved
 * until it is short, and then read through.
 */
final class Search {
  /** About what is read at once; see {@code SessionPages.probe}. */
  private static final long SHORT = 512;

  private final EventFilter filter;
  private final long number;

  /** Which event of its op is looked for. */
  final int index;

  private long from;
  private long to;

  /** Where the last probe began: nothing of the producer lies from there up to {@link #at}. */
  private long probed;

  private long at;

  Search(int index, String producerId, long number, SeqRange range) {
    this.index = index;
    this.filter = new EventFilter(Set.of(), Set.of(), Set.of(producerId));
    this.number = number;
    this.from = range.from();
    this.to = range.to();
    probe();
  }

  private void probe() {
    probed = to - from <= SHORT ? from : from + (to - from) / 2;
    at = probed;
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
    long end = Math.min(page.nextSeq(), to + 1);
    long seq = page.firstMatch(at, end, filter);
    if (seq == end) {
      // Nothing of the producer here.
      at = end;
      if (at > to) {
        to = probed - 1;
        probe();
      }
      return 0;
    }
    for (; seq < end; seq = page.firstMatch(seq + 1, end, filter)) {
      Event event = page.event(seq);
      long here = event.producerSeq().orElse(0);
      if (here == number) {
        return seq;
      }
      if (here > number) {
        to = Math.min(probed - 1, seq - (here - number));
        probe();
        return 0;
      }
      from = seq + (number - here);
      probed = from;
    }
    // All that is here comes before it.
    from = Math.max(from, end);
    probe();
    return 0;
  }
}
