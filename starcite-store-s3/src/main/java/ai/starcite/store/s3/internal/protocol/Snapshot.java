package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Manifest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session at one moment: its life and newest generation.
 *
 * @param life the number of the life
 * @param keys the keys of its data
 * @param generation the number of the newest generation; 0 if there is none yet
 * @param manifest that generation
 * @param date the server's time at the first answer: everything here was true then or later
 * @param modified when the generation was stored, by the server's clock; null if that is not known
 */
record Snapshot(
    long life,
    Keys.Life keys,
    long generation,
    Manifest manifest,
    Instant date,
    @Nullable Instant modified) {

  SessionKey session() {
    return manifest.record().key();
  }

  long boundary() {
    return manifest.boundary();
  }

  /**
   * Returns a snapshot with the next generation, right after it was stored. It keeps its date,
   * which is safe.
   */
  Snapshot next(Manifest stored) {
    return new Snapshot(life, keys, generation + 1, stored, date, null);
  }

  Manifest.Aging aging(Duration grace) {
    return new Manifest.Aging(date, modified, grace);
  }
}
