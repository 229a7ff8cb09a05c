package ai.starcite;

import org.jspecify.annotations.Nullable;

/**
 * What an event refers to, for {@link NewEvent#withRefs(Refs)} (clause EVT-1). Further references
 * of one's own go through {@link NewEvent#withRefs(Json)}.
 *
 * @param toSeq the seq of an earlier event of the session, 1 or more, or null
 * @param requestId the request that it belongs to, or null
 * @param sequenceId the sequence that it belongs to, or null
 * @param step the step within that sequence, 0 or more, or null
 */
public record Refs(
    @Nullable Long toSeq,
    @Nullable String requestId,
    @Nullable String sequenceId,
    @Nullable Long step) {

  /**
   * Makes a reference to one earlier event.
   *
   * @param seq the seq of that event
   * @return refs with nothing else in them
   */
  public static Refs to(long seq) {
    return new Refs(seq, null, null, null);
  }
}
