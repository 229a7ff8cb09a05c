package ai.starcite.internal.session;

/**
 * Where an event can be.
 *
 * @param from the first seq that it can have
 * @param to the last seq that it can have
 */
public record SeqRange(long from, long to) {}
