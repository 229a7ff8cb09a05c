package ai.starcite.store.s3.internal.format;

import ai.starcite.spi.SessionRecord;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a session's state: all but the events above the boundary. Each change of the
 * state is a new generation.
 *
 * @param token the token of the writer
 * @param record the session's record
 * @param deleted whether the session was deleted
 * @param boundary events below it are in chunks; events from it on are in segments
 * @param last the token of the last segment below the boundary, which the next one must name; zeros
 *     if there is none
 * @param chunks the chunks, in order and without gaps, from seq 1 to the boundary
 * @param history since when earlier boundaries have stood
 * @param checkpoint the latest checkpoint that was saved
 */
public record Manifest(
    UUID token,
    SessionRecord record,
    boolean deleted,
    long boundary,
    UUID last,
    List<ChunkRef> chunks,
    List<Since> history,
    Optional<CheckpointRef> checkpoint) {

  /** The approximate number of entries in the history, whatever the grace. */
  private static final int HISTORY = 32;

  private static final UUID NONE = new UUID(0, 0);

  /**
   * Refers to a chunk.
   *
   * @param first its first seq
   * @param last its last seq
   * @param generation the generation that it was made for
   * @param token the token of the writer
   * @param bytes the total length of its segments
   */
  public record ChunkRef(long first, long last, long generation, UUID token, long bytes) {
    boolean holds(long seq) {
      return first <= seq && seq <= last;
    }
  }

  /**
   * Says since when a boundary has stood.
   *
   * @param boundary the boundary
   * @param since when the generation that introduced it was stored, or later
   */
  record Since(long boundary, Instant since) {}

  /**
   * Refers to a checkpoint, or holds it if it is small.
   *
   * @param nextSeq it covers the events below this seq
   * @param generation the generation that it was made for
   * @param token the token of the writer, if it is in an object
   * @param inline the checkpoint itself, or null if it is in an object
   */
  public record CheckpointRef(
      long nextSeq, long generation, UUID token, byte @Nullable [] inline) {}

  /** Returns the state of a session before its first generation: as it was created. */
  public static Manifest created(Life life, SessionRecord record) {
    return new Manifest(
        life.token(), record, false, 1, NONE, List.of(), List.of(), Optional.empty());
  }

  /** Returns the chunk that holds a seq below the boundary. */
  public Optional<ChunkRef> chunkWith(long seq) {
    return chunks.stream().filter(chunk -> chunk.holds(seq)).findFirst();
  }

  /** Returns the next generation, with another record. */
  public Manifest withRecord(UUID newToken, SessionRecord changed, Aging aging) {
    return new Manifest(
        newToken, changed, deleted, boundary, last, chunks, aging.history(this), checkpoint);
  }

  /** Returns the next generation, which ends the session. */
  public Manifest ended(UUID newToken, Aging aging) {
    return new Manifest(
        newToken, record, true, boundary, last, chunks, aging.history(this), checkpoint);
  }

  /**
   * Returns the next generation, with more of the log in chunks; the last segment in them has a
   * token.
   */
  public Manifest compacted(
      UUID newToken,
      List<ChunkRef> newChunks,
      UUID newLast,
      Optional<CheckpointRef> newCheckpoint,
      Aging aging) {
    long newBoundary = newChunks.get(newChunks.size() - 1).last() + 1;
    return new Manifest(
        newToken,
        record,
        deleted,
        newBoundary,
        newLast,
        newChunks,
        aging.history(this),
        newCheckpoint);
  }

  /** Returns the highest boundary that has stood for the grace. */
  public long boundaryOld(Instant now, Duration grace, @Nullable Instant modified) {
    long safe = 1;
    for (Since each : history) {
      if (!each.since.plus(grace).isAfter(now)) {
        safe = Math.max(safe, each.boundary);
      }
    }
    return modified != null && !modified.plus(grace).isAfter(now) ? boundary : safe;
  }

  /**
   * What the history of the next generation is made from.
   *
   * @param now the date of the snapshot
   * @param modified when this generation was stored, or null if that is not known; a later
   *     generation then adds its boundary
   * @param grace how long boundaries matter
   */
  public record Aging(Instant now, @Nullable Instant modified, Duration grace) {

    List<Since> history(Manifest manifest) {
      List<Since> history = new ArrayList<>(manifest.history);
      Since last = history.isEmpty() ? null : history.get(history.size() - 1);
      boolean isNew = manifest.boundary > (last == null ? 1 : last.boundary);
      // Skipped if it is close to the previous one: reclaiming later does no harm.
      boolean isApart =
          last == null
              || (modified != null
                  && !modified.isBefore(last.since.plus(grace.dividedBy(HISTORY))));
      if (modified != null && isNew && isApart) {
        history.add(new Since(manifest.boundary, modified));
      }
      // Of the boundaries that have stood long enough, only the last one matters.
      while (history.size() > 1 && !history.get(1).since.plus(grace).isAfter(now)) {
        history.remove(0);
      }
      return List.copyOf(history);
    }
  }

  public byte[] toBytes() {
    return Frame.write(Frame.Kind.MANIFEST, this::write);
  }

  public static Manifest fromBytes(byte[] bytes) {
    return Frame.read(Frame.Kind.MANIFEST, bytes, Manifest::read);
  }

  private void write(DataOutputStream out) throws IOException {
    Frame.writeToken(out, token);
    Frame.writeBytes(out, record.toBytes());
    out.writeBoolean(deleted);
    out.writeLong(boundary);
    Frame.writeToken(out, last);
    out.writeInt(chunks.size());
    for (ChunkRef chunk : chunks) {
      out.writeLong(chunk.first);
      out.writeLong(chunk.last);
      out.writeLong(chunk.generation);
      Frame.writeToken(out, chunk.token);
      out.writeLong(chunk.bytes);
    }
    out.writeInt(history.size());
    for (Since each : history) {
      out.writeLong(each.boundary);
      out.writeLong(each.since.toEpochMilli());
    }
    out.writeBoolean(checkpoint.isPresent());
    if (checkpoint.isPresent()) {
      CheckpointRef saved = checkpoint.get();
      out.writeLong(saved.nextSeq);
      out.writeLong(saved.generation);
      Frame.writeToken(out, saved.token);
      out.writeBoolean(saved.inline != null);
      if (saved.inline != null) {
        Frame.writeBytes(out, saved.inline);
      }
    }
  }

  private static Manifest read(DataInputStream in) throws IOException {
    UUID token = Frame.readToken(in);
    SessionRecord record = SessionRecord.fromBytes(Frame.readBytes(in));
    boolean deleted = in.readBoolean();
    long boundary = in.readLong();
    UUID last = Frame.readToken(in);
    List<ChunkRef> chunks = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      chunks.add(
          new ChunkRef(
              in.readLong(), in.readLong(), in.readLong(), Frame.readToken(in), in.readLong()));
    }
    List<Since> history = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      history.add(new Since(in.readLong(), Instant.ofEpochMilli(in.readLong())));
    }
    Optional<CheckpointRef> checkpoint = Optional.empty();
    if (in.readBoolean()) {
      checkpoint =
          Optional.of(
              new CheckpointRef(
                  in.readLong(),
                  in.readLong(),
                  Frame.readToken(in),
                  in.readBoolean() ? Frame.readBytes(in) : null));
    }
    return new Manifest(
        token,
        record,
        deleted,
        boundary,
        last,
        List.copyOf(chunks),
        List.copyOf(history),
        checkpoint);
  }
}
