package ai.starcite.testkit;

/** What can be wrong with a {@link BrokenStore}, and which promise of the kit finds it. */
enum StoreDefect {
  /** Nothing. */
  NONE("", "", ""),
  /** What was acknowledged last is gone after a crash. */
  ACKNOWLEDGED_BEFORE_DURABLE(
      "APP-1", "StoreAppends", "the next seq after segments of 3 and 2 events, AFTER_A_CRASH"),
  /** A crash loses the last segment of a session, if it has several events. */
  LOST_TAIL(
      "APP-1", "StoreAppends", "the next seq after segments of 3 and 2 events, AFTER_A_CRASH"),
  /** After reopening, the next seq is the number of segments. */
  NEXT_SEQ_COUNTS_SEGMENTS(
      "SPI-6", "StoreAppends", "the next seq after segments of 3 and 2 events, AFTER_REOPENING"),
  /** Bytes are altered on their way. */
  BYTES_ALTERED("SPI-6", "StoreAppends", "of both segments"),
  /** The declared limit of segments is no limit. */
  LONGER_SEGMENTS_TAKEN("SPI-6", "StoreAppends", "Rejected"),
  /** A segment that is sent again is appended once more. */
  REPEATED_APPEND_STORED_TWICE("APP-7, SPI-6", "StoreAppends", "each of which was sent twice"),
  /** A segment that is sent again is not stored again, but moves the head. */
  REPEATED_APPEND_MOVES_HEAD("APP-7, SPI-6", "StoreAppends", "was sent twice"),
  /** A segment that is sent again is counted again by the one who opens the store. */
  REPEATED_APPEND_COUNTED_LATER("APP-7, SPI-6", "StoreAppends", "sent twice, AFTER_REOPENING"),
  /** A segment replaces the one that is there. */
  CONFLICT_IGNORED("APP-2, SPI-6", "StoreAppends", "where 6 is next"),
  /** The next seq is looked at in one step, and the segment written in another. */
  CONFLICT_JUDGED_APART("APP-2, SPI-11", "StoreRaces", "at seq"),
  /** A caller that knows the id may do anything, whatever the incarnation. */
  EPOCH_IGNORED("SES-7, SPI-6", "StoreAppends", "to a segment of another incarnation"),
  /** Deleting a session leaves its segments for the next of that id. */
  DELETE_LEAVES_SEGMENTS("SES-7, SPI-3", "StoreSessions", "nothing of the old one"),
  /** What was deleted is back after reopening. */
  DELETE_FORGOTTEN("SES-7, SPI-3", "StoreSessions", "when deleted again"),
  /** The next life of an id reads what the one before it had. */
  OLD_LIFE_READ_BY_NEXT("SES-7, SPI-3", "StoreSessions", "what the new life reads"),
  /** What is deleted again is said to be deleted. */
  DELETED_TWICE("SES-7, SPI-3", "StoreSessions", "when deleted again"),
  /** A checkpoint outlives its session. */
  CHECKPOINT_OF_ANOTHER_LIFE("SES-7, SPI-3", "StoreSessions", "nothing of the old one"),
  /** A checkpoint of another incarnation replaces the session's own. */
  CHECKPOINT_IGNORES_EPOCH("SPI-4", "StoreSessions", "the checkpoint that covers"),
  /** A create that is repeated is answered as if the id were taken by another. */
  OWN_CREATE_TAKEN_FOR_ANOTHERS("SPI-1", "StoreSessions", "Exists"),
  /** The id is looked at in one step, and the session stored in another. */
  CREATE_JUDGED_APART("SES-1, SPI-11", "StoreRaces", "Created"),
  /** Ids that differ in case are one. */
  IDS_FOLD_CASE("SES-2, SPI-1", "StoreSessions", "for A"),
  /** Ids that differ in their Unicode form are one. */
  IDS_NORMALISED("SES-2, SPI-1", "StoreSessions", "Created"),
  /** Ids that share their first 200 characters are one. */
  IDS_CUT("SES-2, SPI-1", "StoreSessions", "Exists"),
  /** A session that was created, and nothing else, is gone after a crash. */
  CREATE_NOT_DURABLE("SPI-1", "StoreSessions", "Expecting Optional to contain"),
  /** Where there was no session, there is none for the next one who looks. */
  LOAD_REMEMBERS_ABSENCE("SPI-4", "StoreSessions", "right after the create"),
  /** A crash takes a record back to what it was at first. */
  UPDATE_NOT_DURABLE("SPI-2", "StoreSessions", "second"),
  /** An update that is repeated is stored once more, as another version. */
  REPEATED_UPDATE_RAISES_VERSION("SPI-2", "StoreSessions", "version=3"),
  /** Any version is replaced. */
  UPDATE_UNCHECKED("SPI-2", "StoreSessions", "Conflict"),
  /** The version is looked at in one step, and the record written in another. */
  UPDATE_JUDGED_APART("SES-4, SPI-11", "StoreRaces", "Updated"),
  /** An update ends the seal. */
  UPDATE_UNSEALS("SES-8, SPI-7", "StoreAppends", "sealed=true"),
  /** A seal is stored, but not in the record. */
  SEAL_WITHOUT_RECORD("SES-8, SPI-7", "StoreAppends", "whether the record is sealed"),
  /** A seal leaves the version of the record as it is. */
  SEAL_KEEPS_VERSION("SES-8, SPI-7", "StoreAppends", "version=1"),
  /** A seal without events cannot be read. */
  SEAL_WITHOUT_EVENTS_UNREAD("SES-8, SPI-7", "StoreAppends", "but could not find"),
  /** A sealed session takes segments. */
  APPEND_AFTER_SEAL("SES-8, SPI-7", "StoreAppends", "to a segment behind the seal"),
  /** The seal is looked at in one step, and the segment written in another. */
  SEAL_JUDGED_APART("SES-8, SPI-11", "StoreRaces", "where the session was sealed at seq"),
  /** Segments are read in reverse. */
  READ_REVERSED("SPI-8", "StoreReads", "from seq 1 on"),
  /** A read begins behind the segment that holds the seq. */
  READ_OFF_BY_ONE("SPI-8", "StoreReads", "from seq 1 on"),
  /** A read leaves out its second segment. */
  READ_SKIPS("TAIL-1, SPI-8", "StoreReads", "first seq of segment 2 of those read on"),
  /** A segment that is longer than the read is not read. */
  READ_WITHIN_BYTES_ONLY("SPI-8", "StoreReads", "one whatever the bytes"),
  /** At the head the last segment is read once more. */
  READ_REPEATS_AT_HEAD("SPI-8", "StoreReads", "Expecting empty"),
  /** That there was nothing at the head is remembered for the next read of that seq. */
  STALE_READ_AT_HEAD("SPI-8", "StoreReads", "which was the head when it was read last"),
  /** The head moves in one step, and the segment is stored in another; reads take no lock. */
  READ_WITHOUT_LOCK("TAIL-2, SPI-11", "StoreRaces", "where load has told"),
  /** A session of another incarnation is read. */
  READ_IGNORES_EPOCH("SES-7, SPI-8", "StoreReads", "read with another incarnation"),
  /** The next page begins behind its first session. */
  LIST_SKIPS("SES-6, SPI-5", "StoreListing", "in pages of 1"),
  /** Short pages are ordered otherwise than long ones. */
  LIST_ORDER_DEPENDS_ON_LIMIT("SES-6, SPI-5", "StoreListing", "in pages of 1"),
  /** All ids have the prefix. */
  LIST_IGNORES_PREFIX("SES-6, SPI-5", "StoreListing", "prefix 'a'"),
  /** A listing goes on with the id that it is to go on behind. */
  LIST_AFTER_IS_INCLUSIVE("SES-6, SPI-5", "StoreListing", "visited so far"),
  /** A listing shows records as they were created. */
  LIST_IS_STALE("SPI-5", "StoreListing", "second"),
  /** A closed store takes calls. */
  CLOSED_STILL_ACCEPTS("SPI-10", "StoreSessions", "create on a closed store"),
  /** A closed store reads. */
  CLOSED_STILL_READS("SPI-10", "StoreSessions", "Expecting"),
  /** It can be closed once only. */
  CLOSED_ONCE("SPI-10", "StoreSessions", "closed already"),
  /** What waits in the queue when it is closed is never answered. */
  CLOSE_DROPS_QUEUE("SPI-10", "StoreSessions", "under way when the store was closed"),
  /** A watch can be ended once only. */
  WATCH_ENDS_ONCE("SPI-9", "StoreSessions", "ended already");

  /** What the name of a test that finds it begins with, or has in it. */
  final String clause;

  /** The group of tests that has it. */
  final String group;

  /** What a reader finds in the message. */
  final String says;

  StoreDefect(String clause, String group, String says) {
    this.clause = clause;
    this.group = group;
    this.says = says;
  }
}
