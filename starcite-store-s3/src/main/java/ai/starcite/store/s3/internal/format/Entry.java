package ai.starcite.store.s3.internal.format;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.Segment;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a session's log: a segment, or a deletion, which takes the place of a segment so
 * that it is ordered among them.
 *
 * @param first its place: the seq of its first event
 * @param token the token of the writer
 * @param segment the segment, or null for a deletion
 * @param bytes what is stored
 */
public record Entry(long first, UUID token, @Nullable Segment segment, byte[] bytes) {

  public static Entry of(Segment segment) {
    return new Entry(segment.firstSeq(), segment.token(), segment, segment.bytes());
  }

  public static Entry deletion(long first, UUID token) {
    byte[] bytes =
        Frame.write(
            Frame.Kind.DELETION,
            out -> {
              out.writeLong(first);
              Frame.writeToken(out, token);
            });
    return new Entry(first, token, null, bytes);
  }

  public static Entry fromBytes(String sessionId, long place, byte[] bytes) {
    try {
      Entry entry =
          Frame.is(Frame.Kind.DELETION, bytes)
              ? Frame.read(
                  Frame.Kind.DELETION,
                  bytes,
                  in -> new Entry(in.readLong(), Frame.readToken(in), null, bytes))
              : of(Segment.of(bytes));
      if (entry.first != place) {
        throw new SessionLogException(Code.CORRUPT, "what is stored belongs to seq " + entry.first);
      }
      return entry;
    } catch (SessionLogException e) {
      throw new SessionLogException(
          e.code(),
          "session %s is damaged at seq %d: %s".formatted(sessionId, place, e.getMessage()),
          e);
    }
  }

  /** Returns whether nothing can follow. */
  public boolean isTerminal() {
    return segment == null || segment.seals();
  }

  public boolean isDeletion() {
    return segment == null;
  }

  public long nextSeq() {
    return segment == null ? first : segment.nextSeq();
  }
}
