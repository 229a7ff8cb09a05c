package ai.starcite.benchmarks.peers;

/**
 * An event to be stored.
 *
 * @param session of which session
 * @param producer who numbers it
 * @param producerSeq its number, which the producer never gives to another event of the session
 * @param payload what it carries
 */
public record Entry(String session, String producer, long producerSeq, Payload payload) {}
