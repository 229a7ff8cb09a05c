package ai.starcite.spi;

/**
 * A saved fold of a session's events, so that opening a session need not read its whole history.
 * Opaque to the store.
 *
 * @param nextSeq the checkpoint covers the events before this seq
 * @param bytes the state; not to be modified
 */
public record StateCheckpoint(long nextSeq, byte[] bytes) {}
