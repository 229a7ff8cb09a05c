package ai.starcite.internal.segment;

import java.util.UUID;

/** What a segment's header says of its records; times in microseconds. */
record SegmentFrame(
    long sessionHash,
    long firstSeq,
    int count,
    long baseTime,
    long lastTime,
    UUID token,
    UUID previousToken,
    boolean seals) {}
