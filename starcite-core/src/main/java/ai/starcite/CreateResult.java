package ai.starcite;

/**
 * What {@link SessionLog#createIfAbsent} found or made.
 *
 * @param session the session
 * @param isNew true if this call created it
 */
public record CreateResult(Session session, boolean isNew) {}
