package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.store.s3.internal.format.Chunk;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Manifest.ChunkRef;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads chunks, and caches those that were read lately: a chunk is many pages, and never changes.
 * Concurrent readers of one chunk read it once. Thread-safe.
 */
class Chunks {
  private final Requests requests;
  private final KnownSessions sessions;
  private final long maxBytes;
  private final LinkedHashMap<String, Held> held = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record Held(CompletableFuture<Optional<Chunk>> chunk, long bytes) {}

  Chunks(Requests requests, KnownSessions sessions, long maxBytes) {
    this.requests = requests;
    this.sessions = sessions;
    this.maxBytes = maxBytes;
  }

  /**
   * Returns the chunk that holds a seq below the boundary.
   *
   * @return empty if the session was deleted, or no chunk holds the seq
   */
  CompletableFuture<Optional<Chunk>> with(KnownSession known, long seq) {
    return Loop.until(
        () -> {
          Snapshot snapshot = known.snapshot();
          Optional<ChunkRef> ref = snapshot.manifest().chunkWith(seq);
          if (known.isGone() || ref.isEmpty()) {
            return Loop.done(Optional.empty());
          }
          return read(snapshot.keys(), ref.get())
              .thenCompose(
                  chunk -> chunk.isPresent() ? Loop.done(chunk) : onMissing(known, ref.get()));
        });
  }

  /** Refreshes the session: the chunk was merged into another one, unless it is lost. */
  CompletableFuture<Optional<Optional<Chunk>>> onMissing(KnownSession known, ChunkRef ref) {
    return sessions
        .refresh(known)
        .thenCompose(
            alive ->
                alive && known.snapshot().manifest().chunks().contains(ref)
                    ? CompletableFuture.failedFuture(missing(known, ref))
                    : Loop.again());
  }

  static SessionLogException missing(KnownSession known, ChunkRef ref) {
    return new SessionLogException(
        Code.CORRUPT,
        "session %s is damaged at seq %d: the object with its events to %d is missing"
            .formatted(known.session().id(), ref.first(), ref.last()));
  }

  /** Reads a chunk; empty if there is no such object. */
  CompletableFuture<Optional<Chunk>> read(Keys.Life keys, ChunkRef ref) {
    String key = keys.chunk(ref.first(), ref.last(), ref.generation(), ref.token());
    CompletableFuture<Optional<Chunk>> chunk;
    synchronized (held) {
      Held cached = held.get(key);
      if (cached != null) {
        return cached.chunk;
      }
      chunk = new CompletableFuture<>();
      held.put(key, new Held(chunk, ref.bytes()));
      bytes += ref.bytes();
      shrink();
    }
    requests
        .read(key, Chunk::fromBytes)
        .whenComplete(
            (read, failure) -> {
              if (failure != null || read.value().isEmpty()) {
                forget(key, chunk);
              }
              if (failure != null) {
                chunk.completeExceptionally(Requests.cause(failure));
              } else {
                chunk.complete(read.value());
              }
            });
    return chunk;
  }

  private void shrink() {
    Iterator<Map.Entry<String, Held>> oldest = held.entrySet().iterator();
    while (bytes > maxBytes && held.size() > 1) {
      bytes -= oldest.next().getValue().bytes;
      oldest.remove();
    }
  }

  private void forget(String key, CompletableFuture<Optional<Chunk>> chunk) {
    synchronized (held) {
      Held cached = held.get(key);
      if (cached != null && cached.chunk == chunk) {
        held.remove(key);
        bytes -= cached.bytes;
      }
    }
  }
}
