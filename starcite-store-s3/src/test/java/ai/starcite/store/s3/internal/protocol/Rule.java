package ai.starcite.store.s3.internal.protocol;

/**
 * The rules of the protocol, each with its number in the model: without any of them, something is
 * lost. {@link Mutants} breaks them one at a time, to prove that the simulation notices.
 */
enum Rule {
  /** R1: an answer "stored" counts only at or above a fresh boundary. Broken: always. */
  CHECK_STORED,
  /** R2: the same holds for one's own segment found in the way. Broken: it always counts. */
  CHECK_OWN_TOKEN,
  /** R3a: the same holds for a place found empty. Broken: it always counts. */
  CHECK_ABSENT,
  /** R3b: the same holds for a segment that was read. Broken: it always counts. */
  CHECK_FOUND,
  /** R3c: the same holds for another writer's segment in the way. Broken: it always counts. */
  CHECK_OTHER_TOKEN,
  /** R4: below the boundary the chunk proves what was stored. Broken: nothing was. */
  CHUNK_CONFIRMS,
  /** R4b: below the boundary the chunk proves what was not stored. Broken: everything was. */
  CHUNK_REFUTES,
  /** R5: an answer about a generation counts only if it is fresh. Broken: always. */
  CHECK_GENERATION,
  /** R6: a taken generation is read to see whose it is. Broken: it is another writer's. */
  READ_OWN_GENERATION,
  /** R7: a generation goes when a higher one has stood for the grace. Broken: when any has. */
  KEEP_GENERATIONS,
  /** R8: only the newest generation decides what may be reclaimed. Broken: any old one does. */
  BOUNDARY_FROM_NEWEST,
  /** R9: an orphan goes by the generation that it was made for. Broken: by its age. */
  ORPHANS_BY_GENERATION,
  /** R9c: a reader that misses a chunk reads the newest generation. Broken: the chunk is lost. */
  RELOAD_ON_MISSING_CHUNK,
  /** R9d: a chunk is offered to one generation. Broken: a loser offers it to the next one too. */
  ONE_GENERATION_PER_CHUNK,
  /** R10: a segment that ends its session is never compacted. Broken: it is. */
  TERMINAL_STAYS,
  /**
   * R11: after a lost generation the next is built from the newest. Broken: the same is put again.
   */
  REBUILD_FROM_NEWEST,
  /** R12: each life has its number. Broken: one key serves all lives, and is deleted. */
  NUMBERED_LIVES,
  /** R13: a snapshot begins with the lives. Broken: a known life is not looked up again. */
  READ_LIVES,
  /** R14: a snapshot is dated by its first answer, and must be short. Broken: by its last. */
  DATE_BY_FIRST_REQUEST,
  /** R16: objects that others may use are kept for the grace. Broken: they go at once. */
  GRACE,
  /** R17: a snapshot is fresh for half the grace. Broken: for one and a half. */
  HALF_GRACE,
  /** R18: nothing is refused from memory. Broken: it is. */
  REFUSE_AFTER_LOOK,
  /** R19: an unknown append is resolved by sending it again. Broken: by reading. */
  RESOLVE_BY_SENDING,
  /** R19g: an unknown generation is resolved by sending it again. Broken: by reading. */
  RESOLVE_GENERATION_BY_SENDING,
  /** R20: a process that finds what ends a session completes it. Broken: it leaves it as it is. */
  FINISH_TERMINAL,
  /** R21: what ends a session is checked like any segment. Broken: it is taken as stored. */
  CHECK_TERMINAL,
  /** R22: a slow create looks again. Broken: it trusts its put. */
  CREATE_LOOKS_AGAIN,
  /** A slow listing looks again at what it shows. Broken: it shows what it has read. */
  LIST_LOOKS_AGAIN,
  /** R23: the highest life stays, even a tombstone. Broken: tombstones are reclaimed. */
  KEEP_TOMBSTONE,
  /** R25: below the known boundary nothing counts, however fresh. Broken: freshness suffices. */
  BOUNDARY_ALWAYS,
  /** R26: writers delete nothing. Broken: they delete their own strays. */
  WRITERS_DELETE_NOTHING,
  /** R28: only lives below the highest are reclaimed. Broken: all but the one that was read. */
  RECLAIM_LOWER_LIVES,
  /** The head is looked for each time. Broken: the last known one is reported. */
  WALK
}
