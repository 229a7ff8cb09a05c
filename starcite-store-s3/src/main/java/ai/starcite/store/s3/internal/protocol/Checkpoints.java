package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.store.s3.internal.format.Frame;
import ai.starcite.store.s3.internal.format.Manifest.CheckpointRef;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Saves checkpoints with compactions, and finds them again. Thread-safe. */
final class Checkpoints {
  /**
   * Up to this size a checkpoint is stored in the manifest, which saves a request when a session is
   * opened.
   */
  private static final int INLINE_BYTES = 8 << 10;

  private final Requests requests;
  private final Tokens tokens;

  Checkpoints(Requests requests, Tokens tokens) {
    this.requests = requests;
    this.tokens = tokens;
  }

  /**
   * Returns the checkpoint that the next generation refers to: the last one given to this process,
   * if it is newer than the saved one and not ahead of the boundary.
   *
   * @param held an earlier one, to use if the last one is ahead
   */
  CompletableFuture<Optional<CheckpointRef>> save(
      KnownSession known, @Nullable StateCheckpoint held, Snapshot base, long boundary) {
    StateCheckpoint last = known.checkpoint();
    StateCheckpoint newest = last != null && last.nextSeq() <= boundary ? last : held;
    Optional<CheckpointRef> saved = base.manifest().checkpoint();
    if (newest == null
        || newest.nextSeq() > boundary
        || saved.filter(ref -> ref.nextSeq() >= newest.nextSeq()).isPresent()) {
      return Requests.done(saved);
    }
    long generation = base.generation() + 1;
    UUID token = tokens.next();
    if (newest.bytes().length <= INLINE_BYTES) {
      return Requests.done(
          Optional.of(new CheckpointRef(newest.nextSeq(), generation, token, newest.bytes())));
    }
    byte[] bytes = Frame.write(Frame.Kind.CHECKPOINT, out -> Frame.writeBytes(out, newest.bytes()));
    return requests
        .put(base.keys().checkpoint(newest.nextSeq(), generation, token), bytes)
        .thenApply(
            put -> Optional.of(new CheckpointRef(newest.nextSeq(), generation, token, null)));
  }

  /** Returns the latest readable checkpoint that is not ahead of a head. */
  CompletableFuture<Optional<StateCheckpoint>> latest(KnownSession known, KnownSession.Head head) {
    Snapshot snapshot = head.snapshot();
    StateCheckpoint last = known.checkpoint();
    StateCheckpoint held = last != null && last.nextSeq() <= head.next() ? last : null;
    Optional<CheckpointRef> saved = snapshot.manifest().checkpoint();
    if (saved.isEmpty() || (held != null && held.nextSeq() >= saved.get().nextSeq())) {
      return Requests.done(Optional.ofNullable(held));
    }
    CheckpointRef ref = saved.get();
    if (ref.inline() != null) {
      return Requests.done(Optional.of(new StateCheckpoint(ref.nextSeq(), ref.inline())));
    }
    return requests
        .read(
            snapshot.keys().checkpoint(ref.nextSeq(), ref.generation(), ref.token()),
            bytes -> Frame.read(Frame.Kind.CHECKPOINT, bytes, Frame::readBytes))
        .handle(
            (read, failure) -> {
              if (failure != null && !(Requests.cause(failure) instanceof SessionLogException)) {
                throw new CompletionException(Requests.cause(failure));
              }
              // If it is damaged, or was replaced and reclaimed, the session loads without one.
              Optional<StateCheckpoint> found =
                  failure != null
                      ? Optional.empty()
                      : read.value().map(bytes -> new StateCheckpoint(ref.nextSeq(), bytes));
              found.ifPresent(known::keep);
              return found;
            });
  }
}
