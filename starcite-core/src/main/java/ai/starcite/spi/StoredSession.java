package ai.starcite.spi;

import java.util.Optional;

/**
 * What a store knows of a session.
 *
 * @param record the session's record
 * @param nextSeq the seq that the next event gets; 1 if there is none yet
 * @param checkpoint the latest checkpoint, if any
 */
public record StoredSession(
    SessionRecord record, long nextSeq, Optional<StateCheckpoint> checkpoint) {}
