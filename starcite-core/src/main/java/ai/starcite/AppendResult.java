package ai.starcite;

/**
 * An event that is durable.
 *
 * @param seq its place in the session; of a retried event, the place it had from the first
 * @param lastSeq the session's last durable seq when this was answered
 * @param deduped whether the event was there already and nothing was written for it
 */
public record AppendResult(long seq, long lastSeq, boolean deduped) {}
