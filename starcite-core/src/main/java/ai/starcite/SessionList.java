package ai.starcite;

import java.util.List;
import java.util.Optional;

/**
 * A page of sessions.
 *
 * @param sessions the sessions found; a filtered page may be short or empty though more follow
 * @param next where the next page starts, for {@link SessionQuery#withAfter}; empty at the end
 */
public record SessionList(List<Session> sessions, Optional<String> next) {}
