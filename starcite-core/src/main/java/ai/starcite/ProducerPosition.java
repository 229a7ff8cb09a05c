package ai.starcite;

/**
 * How far a producer has come in a session (clause APP-10).
 *
 * @param producerSeq the number of its last event
 * @param seq the place of that event in the session
 */
public record ProducerPosition(long producerSeq, long seq) {}
