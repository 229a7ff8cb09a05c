package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.Segment;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.store.s3.internal.format.Chunk;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Manifest;
import ai.starcite.store.s3.internal.format.Manifest.ChunkRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the segments above the boundary into a chunk, and raises the boundary. Storing a generation
 * commits both. Any process may compact at any time; one of several wins, and the chunks of the
 * others are never referred to. A segment that ends the session stays where it is. Thread-safe.
 */
class Compactor {
  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

  private final Requests requests;
  private final KnownSessions sessions;
  private final HeadFinder headFinder;
  private final Generations generations;
  private final Chunks chunks;
  private final Checkpoints checkpoints;
  private final Tokens tokens;
  private final S3Settings settings;

  Compactor(
      Requests requests,
      KnownSessions sessions,
      HeadFinder headFinder,
      Generations generations,
      Chunks chunks,
      Checkpoints checkpoints,
      Tokens tokens,
      S3Settings settings) {
    this.requests = requests;
    this.sessions = sessions;
    this.headFinder = headFinder;
    this.generations = generations;
    this.chunks = chunks;
    this.checkpoints = checkpoints;
    this.tokens = tokens;
    this.settings = settings;
  }

  /**
   * Compacts the segments that exist now, chunk by chunk. Later ones are left for the next time:
   * otherwise a busy session would get a chunk for every few segments.
   *
   * @param isDue is asked after a refresh, because another process may have raised the boundary
   * @return whether the boundary was raised
   */
  CompletableFuture<Boolean> compact(KnownSession known, Predicate<KnownSession> isDue) {
    return sessions
        .refresh(known)
        .thenCompose(
            alive ->
                alive && isDue.test(known)
                    ? headFinder.toHead(known)
                    : Requests.<Optional<KnownSession.Head>>done(Optional.empty()))
        .thenCompose(
            head ->
                head.isPresent()
                    ? compactTo(known, known.checkpoint(), head.get().next())
                    : Requests.done(false));
  }

  /**
   * Compacts up to a seq.
   *
   * @param held the latest checkpoint before: one that arrives later is ahead of what is compacted
   */
  private CompletableFuture<Boolean> compactTo(
      KnownSession known, @Nullable StateCheckpoint held, long end) {
    boolean[] moved = {false};
    return Loop.until(
        () ->
            once(known, held, end)
                .thenApply(
                    again -> {
                      moved[0] |= again;
                      return again ? Optional.empty() : Optional.of(moved[0]);
                    }));
  }

  /** Makes one chunk; false if there was nothing to put in it, or it was not committed. */
  private CompletableFuture<Boolean> once(
      KnownSession known, @Nullable StateCheckpoint held, long end) {
    Snapshot base = known.snapshot();
    return segments(known, base, end)
        .thenCompose(
            segments ->
                segments.isEmpty()
                    ? Requests.done(false)
                    : merged(base, segments)
                        .thenCompose(content -> write(known, held, base, content)));
  }

  /**
   * Returns the sound segments above the boundary, as many as fit into a chunk. Their answers need
   * not be fresh: if the boundary moves before the generation is put, that generation loses its
   * number, or is stored where nobody looks; and if it does not move, no segment above it was
   * reclaimed.
   */
  private CompletableFuture<List<Segment>> segments(KnownSession known, Snapshot base, long end) {
    Entry terminal = known.head().terminal();
    List<Long> places =
        known.placesFrom(base.boundary(), settings.chunkBytes(), Integer.MAX_VALUE).stream()
            .filter(place -> place >= base.boundary() && place < end)
            .filter(place -> mayGo(place, terminal))
            .toList();
    return Parallel.map(
            places,
            place ->
                requests.read(
                    base.keys().segment(place),
                    bytes -> Entry.fromBytes(known.session().id(), place, bytes)))
        .thenApply(
            read -> {
              List<Segment> sound = sound(base.manifest(), read);
              if (sound.size() < read.size()) {
                LOG.warn(
                    "session {}: only {} of {} segments from seq {} were compacted, because the"
                        + " next one is damaged or out of sequence",
                    known.session().id(),
                    sound.size(),
                    read.size(),
                    base.boundary());
              }
              return sound;
            });
  }

  /** Returns whether a segment may be compacted; what ends the session stays. */
  boolean mayGo(long place, @Nullable Entry terminal) {
    return terminal == null || place != terminal.first();
  }

  /** Returns the segments up to the first that is missing, out of sequence or damaged. */
  private static List<Segment> sound(Manifest manifest, List<Requests.Decoded<Entry>> read) {
    List<Segment> sound = new ArrayList<>();
    long next = manifest.boundary();
    UUID before = manifest.last();
    for (Requests.Decoded<Entry> each : read) {
      Segment segment = each.value().map(Entry::segment).orElse(null);
      if (segment == null
          || segment.firstSeq() != next
          || !segment.previousToken().equals(before)
          || !segment.isIntact()) {
        return sound;
      }
      sound.add(segment);
      next = segment.nextSeq();
      before = segment.token();
    }
    return sound;
  }

  /** The content of a chunk, and the chunks before it that stay as they are. */
  record Content(List<ChunkRef> before, List<Segment> segments) {
    UUID last() {
      return segments.get(segments.size() - 1).token();
    }

    long bytes() {
      return segments.stream().mapToLong(Segment::length).sum();
    }
  }

  /**
   * Merges earlier chunks that are no larger than what follows them, so that each byte is rewritten
   * only a few times, and small chunks stay few.
   */
  private CompletableFuture<Content> merged(Snapshot base, List<Segment> segments) {
    List<ChunkRef> before = new ArrayList<>(base.manifest().chunks());
    List<ChunkRef> taken = new ArrayList<>();
    long bytes = segments.stream().mapToLong(Segment::length).sum();
    while (!before.isEmpty()) {
      ChunkRef last = before.get(before.size() - 1);
      if (last.bytes() > bytes || last.bytes() + bytes > settings.chunkBytes()) {
        break;
      }
      bytes += last.bytes();
      before.remove(before.size() - 1);
      taken.add(0, last);
    }
    return Parallel.map(taken, ref -> chunks.read(base.keys(), ref))
        .thenApply(
            read -> {
              List<Segment> all = new ArrayList<>();
              for (Optional<Chunk> chunk : read) {
                if (chunk.isEmpty()) {
                  // Another process has merged it meanwhile, and will win.
                  return new Content(base.manifest().chunks(), segments);
                }
                all.addAll(chunk.get().segments());
              }
              all.addAll(segments);
              return new Content(List.copyOf(before), all);
            });
  }

  private CompletableFuture<Boolean> write(
      KnownSession known, @Nullable StateCheckpoint held, Snapshot base, Content content) {
    List<Segment> segments = content.segments;
    ChunkRef ref =
        new ChunkRef(
            segments.get(0).firstSeq(),
            segments.get(segments.size() - 1).nextSeq() - 1,
            base.generation() + 1,
            tokens.next(),
            content.bytes());
    String key = base.keys().chunk(ref.first(), ref.last(), ref.generation(), ref.token());
    return requests
        .put(key, Chunk.toBytes(segments))
        .thenCompose(put -> commit(known, held, base, content, ref));
  }

  /**
   * Puts the generation that a chunk was made for. If another one is first, the chunk is never
   * used.
   */
  CompletableFuture<Boolean> commit(
      KnownSession known,
      @Nullable StateCheckpoint held,
      Snapshot base,
      Content content,
      ChunkRef ref) {
    List<ChunkRef> all = new ArrayList<>(content.before);
    all.add(ref);
    return checkpoints
        .save(known, held, base, ref.last() + 1)
        .thenCompose(
            saved ->
                generations.put(
                    known,
                    base,
                    base.manifest()
                        .compacted(
                            tokens.next(),
                            List.copyOf(all),
                            content.last(),
                            saved,
                            base.aging(settings.grace()))))
        .thenCompose(
            outcome ->
                outcome == Generations.Outcome.LOST
                    ? sessions.refresh(known).thenApply(alive -> false)
                    : Requests.done(outcome == Generations.Outcome.STORED));
  }
}
