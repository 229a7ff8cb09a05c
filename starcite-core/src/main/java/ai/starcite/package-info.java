/**
 * The session log: an ordered, durable log of events a session, which any number of readers tail
 * from a cursor. Start at {@link ai.starcite.SessionLog}.
 */
@NullMarked
package ai.starcite;

import org.jspecify.annotations.NullMarked;
