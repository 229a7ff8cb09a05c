package ai.starcite.store.rocksdb;

import java.nio.charset.StandardCharsets;

/** The column families that a store uses, beside RocksDB's default one. */
enum Family {
  /** Session id to {@link ai.starcite.spi.SessionRecord}. */
  RECORDS("records"),
  /** Incarnation and first seq to {@link ai.starcite.spi.Segment}. */
  SEGMENTS("segments"),
  /** Incarnation to {@link ai.starcite.spi.StateCheckpoint}: next seq, then its bytes. */
  CHECKPOINTS("checkpoints");

  private final String title;

  Family(String title) {
    this.title = title;
  }

  byte[] title() {
    return title.getBytes(StandardCharsets.US_ASCII);
  }
}
