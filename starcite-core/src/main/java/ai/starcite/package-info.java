/**
 * The session log: an ordered, durable log of events a session, which any number of readers tail
 * from a cursor. Start at {@link ai.starcite.SessionLog}.
 *
 * <p>Clauses such as APP-4 are those of the contract, {@code docs/contract.md} in the repository.
 */
@NullMarked
package ai.starcite;

import org.jspecify.annotations.NullMarked;
