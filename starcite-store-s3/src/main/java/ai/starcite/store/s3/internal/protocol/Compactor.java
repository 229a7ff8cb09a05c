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
 * Puts the segments behind the boundary into a chunk, and moves the boundary: by a generation,
 * which is what commits it. Any process may, at any time; one of several wins, and the others have
 * made chunks that nothing refers to. What ends a session is left where it is. Thread-safe.
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
   * Compacts what there is by now, chunk by chunk. What comes meanwhile is left for the next time:
   * else there would be a chunk for each few segments, for as long as they keep coming.
   *
   * @param isDue is asked once the boundary was read anew, since others may have moved it
   * @return whether the boundary was moved
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
   * @param held the checkpoint of before: where appends go on, one that comes meanwhile is ahead of
   *     what is compacted
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
   * The segments behind the boundary, as many as fit into a chunk, and as far as all is well.
   * Answers are not judged by their date: if the boundary moves before the generation is put, that
   * has lost its number, or comes to a place where nobody looks; and if it does not, nothing behind
   * it was reclaimed meanwhile.
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
                    "session {} is not compacted beyond {} of {} segments from seq {} on, since"
                        + " the next does not follow or is damaged",
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

  /** Those that are there, follow each other, and match their checksums. */
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

  /** What a chunk is made of, and which chunks stay as they are before it. */
  record Content(List<ChunkRef> before, List<Segment> segments) {
    UUID last() {
      return segments.get(segments.size() - 1).token();
    }

    long bytes() {
      return segments.stream().mapToLong(Segment::length).sum();
    }
  }

  /**
   * Takes in the chunks before that are no larger than what follows them, so that each byte is
   * written a few times only, and there are few small chunks.
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
                  // Merged by another process meanwhile, which will win.
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

  /** Puts the generation that a chunk was made for. If that loses, the chunk is never used. */
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
