package ai.starcite.spi;

import java.util.Optional;

/**
 * What a store knows of a session.
 *
 * @param record the session's record
 * @param nextSeq the seq that the next event gets; 1 if there is none yet. Where the last events
 *     are damaged, so that their number is unknown, the seq after the first of them: a read from
 *     that event on fails with {@code CORRUPT}, appends are rejected with it, and the session can
 *     be read up to there and deleted
 * @param checkpoint the latest checkpoint, if any
 */
public record StoredSession(
    SessionRecord record, long nextSeq, Optional<StateCheckpoint> checkpoint) {}
