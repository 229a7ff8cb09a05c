package ai.starcite;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the event type whose payload a record or class describes (clause EVT-3), so that {@link
 * NewEvent#of(Payload)} and {@link Event#as} know it.
 *
 * <pre>{@code
 * @EventType("deploy_finished")
 * record DeployFinished(String service, int replicas) implements Payload {}
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventType {
  /**
   * Returns the type, such as {@code tool_call}.
   *
   * @return 1 to 256 bytes of UTF-8
   */
  String value();
}
