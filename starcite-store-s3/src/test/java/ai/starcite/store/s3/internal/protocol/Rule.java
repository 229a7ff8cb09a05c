package ai.starcite.store.s3.internal.protocol;

/**
 * The rules of the protocol that a loss was seen without, each by the number that it has in the
 * model. In production all are kept; the simulation switches them off one at a time, to see that it
 * would notice.
 */
enum Rule {
  /** R1: that a segment was stored counts only at or above a fresh boundary. Off: always. */
  CHECK_STORED,
  /** R2: so does one's own segment in the way. Off: it always counts. */
  CHECK_OWN_TOKEN,
  /** R3a: so does that there is no segment. Off: it always counts. */
  CHECK_ABSENT,
  /** R3b: so does a segment that was read. Off: it always counts. */
  CHECK_FOUND,
  /** R3c: so does another's segment in the way. Off: it always counts. */
  CHECK_OTHER_TOKEN,
  /** R4: below the boundary the chunk tells what was stored. Off: nothing was. */
  CHUNK_CONFIRMS,
  /** R4b: below the boundary the chunk tells what was not stored. Off: everything was. */
  CHUNK_REFUTES,
  /** R5: an answer about a generation counts only if it is fresh. Off: always. */
  CHECK_GENERATION,
  /** R6: whose a taken generation is, is read from it. Off: it is another's. */
  READ_OWN_GENERATION,
  /** R7: a generation goes when a higher one has stood for the grace. Off: when any has. */
  KEEP_GENERATIONS,
  /** R8: the newest generation alone tells what may be reclaimed. Off: any old one does. */
  BOUNDARY_FROM_NEWEST,
  /** R9: an orphan goes by the generation it was made for. Off: by its age. */
  ORPHANS_BY_GENERATION,
  /** R9c: who misses a chunk reads the newest generation. Off: the chunk counts as lost. */
  RELOAD_ON_MISSING_CHUNK,
  /** R9d: a chunk is offered to one generation. Off: a loser offers it to the next one as well. */
  ONE_GENERATION_PER_CHUNK,
  /** R10: a segment that ends its session is never compacted. Off: it is. */
  TERMINAL_STAYS,
  /**
   * R11: who loses a generation rebuilds from the newest. Off: takes its own to the next number.
   */
  REBUILD_FROM_NEWEST,
  /** R12: each life has its number. Off: one key stands for all lives, and is deleted. */
  NUMBERED_LIVES,
  /** R13: a snapshot begins with the lives. Off: a known life is not looked for again. */
  READ_LIVES,
  /** R14: a snapshot is dated by its first request, and not a long one. Off: by its last. */
  DATE_BY_FIRST_REQUEST,
  /** R16: what others may use stands for the grace. Off: it goes at once. */
  GRACE,
  /** R17: a snapshot is fresh for half the grace. Off: for one and a half. */
  HALF_GRACE,
  /** R18: nothing is refused by what is remembered. Off: it is. */
  REFUSE_AFTER_LOOK,
  /** R19: an unknown append is resolved by sending it again. Off: by reading. */
  RESOLVE_BY_SENDING,
  /** R19g: an unknown generation is resolved by sending it again. Off: by reading. */
  RESOLVE_GENERATION_BY_SENDING,
  /** R20: who meets what ends a session completes it. Off: leaves it as it is. */
  FINISH_TERMINAL,
  /** R21: what ends a session is checked like any segment. Off: it is taken as stored. */
  CHECK_TERMINAL,
  /** R22: a create that took long looks again. Off: it trusts its put. */
  CREATE_LOOKS_AGAIN,
  /** A listing that took long looks again at what it shows. Off: it shows what it has read. */
  LIST_LOOKS_AGAIN,
  /** R23: the highest life stays, a tombstone too. Off: tombstones are reclaimed. */
  KEEP_TOMBSTONE,
  /** R25: below the boundary held nothing counts, however fresh. Off: freshness suffices. */
  BOUNDARY_ALWAYS,
  /** R26: writers delete nothing. Off: they delete their own strays. */
  WRITERS_DELETE_NOTHING,
  /** R28: only lives below the highest are reclaimed. Off: all but the one that was read. */
  RECLAIM_LOWER_LIVES,
  /** The head is looked for each time. Off: the last one known is told. */
  WALK
}
