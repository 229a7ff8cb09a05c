package ai.starcite.testkit;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.testkit.Faults.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.IntUnaryOperator;

/** Flips bits of segments, in copies. Thread-safe. */
final class SegmentDamage {
  private final FaultDraws draws;
  private volatile Rule rule = new Rule((session, segment) -> false, length -> 0);

  private record Rule(BiPredicate<SessionKey, Segment> which, IntUnaryOperator position) {}

  SegmentDamage(FaultDraws draws) {
    this.draws = draws;
  }

  /** Which segments to damage from now on, and where: a position for each length. */
  void set(BiPredicate<SessionKey, Segment> which, IntUnaryOperator position) {
    rule = new Rule(which, position);
  }

  /**
   * The segments, damaged where they are to be: up to one whose bytes are no segment any more.
   *
   * @throws SessionLogException {@code CORRUPT} if that is the first one
   */
  List<Segment> apply(SessionKey session, List<Segment> segments) {
    Rule now = rule;
    List<Segment> read = new ArrayList<>();
    for (Segment segment : segments) {
      try {
        read.add(now.which.test(session, segment) ? flip(segment, now) : segment);
      } catch (SessionLogException e) {
        if (read.isEmpty()) {
          throw new SessionLogException(
              Code.CORRUPT,
              "session %s is damaged at seq %d: %s"
                  .formatted(session.id(), segment.firstSeq(), e.getMessage()),
              e);
        }
        break;
      }
    }
    return read;
  }

  private Segment flip(Segment segment, Rule now) {
    byte[] copy = segment.bytes().clone();
    copy[now.position.applyAsInt(copy.length)] ^= (byte) (1 << draws.below(8));
    draws.count(Kind.DAMAGED_READ);
    return Segment.of(copy);
  }
}
