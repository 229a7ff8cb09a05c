package ai.starcite.store.s3.internal.format;

import ai.starcite.spi.Segment;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Segments that were compacted into one object, whole and in order. A chunk never changes; merging
 * makes a new one.
 *
 * @param segments at least one, without gaps
 */
public record Chunk(List<Segment> segments) {

  public static byte[] toBytes(List<Segment> segments) {
    return Frame.write(
        Frame.Kind.CHUNK,
        out -> {
          out.writeInt(segments.size());
          ByteArrayOutputStream joined = new ByteArrayOutputStream();
          for (Segment each : segments) {
            joined.write(each.array(), each.offset(), each.length());
          }
          Frame.writeBytes(out, joined.toByteArray());
        });
  }

  public static Chunk fromBytes(byte[] bytes) {
    return Frame.read(
        Frame.Kind.CHUNK,
        bytes,
        in -> {
          int count = in.readInt();
          byte[] joined = Frame.readBytes(in);
          List<Segment> segments = new ArrayList<>();
          for (int offset = 0; segments.size() < count; ) {
            Segment each = Segment.at(joined, offset);
            segments.add(each);
            offset += each.length();
          }
          return new Chunk(List.copyOf(segments));
        });
  }

  /** Returns the token of the segment that begins at a seq. */
  public Optional<UUID> tokenAt(long first) {
    return segments.stream()
        .filter(each -> each.firstSeq() == first)
        .map(Segment::token)
        .findFirst();
  }

  /**
   * Returns segments from the one that holds a seq: at least one, and more up to a number of bytes.
   * They are copies, so that keeping a page does not keep the chunk in memory.
   */
  public List<Segment> from(long seq, long maxBytes) {
    List<Segment> found = new ArrayList<>();
    long bytes = 0;
    for (Segment each : segments) {
      if (each.nextSeq() <= seq) {
        continue;
      }
      bytes += each.length();
      if (!found.isEmpty() && bytes > maxBytes) {
        break;
      }
      found.add(Segment.of(each.bytes()));
    }
    return List.copyOf(found);
  }
}
