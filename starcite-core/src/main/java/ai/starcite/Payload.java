package ai.starcite;

/**
 * Marks a class as the payload of an event type, which {@link EventType} names: {@link
 * NewEvent#of(Payload)} appends it, {@link Event#as} reads it.
 *
 * <pre>{@code
 * @EventType("deploy_finished")
 * record DeployFinished(String service, int replicas) implements Payload {}
 * }</pre>
 */
public interface Payload {}
