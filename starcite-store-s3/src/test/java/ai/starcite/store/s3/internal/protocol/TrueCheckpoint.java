package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.StateCheckpoint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Checkpoints that name their life and seq. */
final class TrueCheckpoint {
  private static final int SMALL = 100;

  /** Larger than a checkpoint kept in manifests. */
  private static final int LARGE = 9_000;

  private TrueCheckpoint() {}

  /** Returns the checkpoint of a life before a seq, small enough for a manifest or not. */
  static StateCheckpoint at(String life, long seq, boolean isSmall) {
    byte[] text = (life + seq).getBytes(StandardCharsets.UTF_8);
    return new StateCheckpoint(seq, Arrays.copyOf(text, isSmall ? SMALL : LARGE));
  }

  /** Checks a checkpoint that was found in a life with events up to a seq. */
  static void check(String life, StateCheckpoint found, long next) {
    byte[] given = at(life, found.nextSeq(), found.bytes().length == SMALL).bytes();
    if (found.nextSeq() > next || !Arrays.equals(found.bytes(), given)) {
      throw new Violation("loaded with a checkpoint that is none of seq " + found.nextSeq());
    }
  }
}
