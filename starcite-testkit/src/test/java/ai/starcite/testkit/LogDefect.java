package ai.starcite.testkit;

/** What can be wrong with a {@link BrokenLog}, and which clause of the contract finds it. */
enum LogDefect {
  /** Nothing. */
  NONE("", "", ""),
  /** What was appended before the log was opened is not known to be a retry. */
  DEDUPE_FORGOTTEN_ON_REOPEN("APP-4.3", "Retries", "deduped=true"),
  /** A retry fails, since the seq that it expected has passed. */
  DEDUPE_AFTER_EXPECTED_SEQ("APP-6", "Appends", "last seq is"),
  /** Nobody looks at expected_seq. */
  EXPECTED_SEQ_IGNORED("APP-5", "Appends", "EXPECTED_SEQ_CONFLICT"),
  /** A batch is appended one by one. */
  TORN_BATCH("APP-3", "Batches", "a failure with INVALID"),
  /** A tail begins behind the event that it is to begin with. */
  CURSOR_OFF_BY_ONE("TAIL-1: from every cursor", "Tails", "[from 0]"),
  /** A tail that resumes repeats the event that was seen last. */
  TAIL_REPEATS_AT_RESUME("TAIL-1: from every cursor", "Tails", "[from 1]"),
  /** A tail leaves an event out. */
  TAIL_SKIPS_ONE("TAIL-1: from every cursor", "Tails", "[from 0]"),
  /** A session does not say that it is sealed. */
  SEALED_FLAG_LOST("SES-8", "Sealing", "whether the session says that it is sealed"),
  /** An update leaves the version as it was. */
  UPDATE_RAISES_NO_VERSION("SES-4", "Updating", "the version after one update"),
  /** A payload is parsed and written anew. */
  PAYLOAD_REWRITTEN("EVT-2", "Payloads", "awkward payloads"),
  /** A tail from the latest events begins one too early. */
  LATEST_OFF_BY_ONE("TAIL-6: a tail starts at the latest", "TailStarts", "[3L, 4L, 5L]"),
  /** A subscriber gets what it has not asked for. */
  DEMAND_IGNORED(
      "TAIL-7: a publisher hands over what is demanded", "TailPublishers", "[1L, 2L, 3L]", false),
  /** A listener that throws gets the next event all the same. */
  LISTENER_OUTLIVES_EXCEPTION("TAIL-7: an exception in a listener", "TailPushes", "", false);

  /** What the name of a test that finds it has in it. */
  final String clause;

  /** The group of tests that has it. */
  final String group;

  /** What a reader finds in the message. */
  final String says;

  /** Whether the tests of every store find it, or those of the log alone. */
  final boolean inEveryStore;

  LogDefect(String clause, String group, String says) {
    this(clause, group, says, true);
  }

  LogDefect(String clause, String group, String says, boolean inEveryStore) {
    this.clause = clause;
    this.group = group;
    this.says = says;
    this.inEveryStore = inEveryStore;
  }
}
