package ai.starcite.linearizability;

import ai.starcite.AppendOptions;
import ai.starcite.SessionLog;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;

/** Calls of a session that is sealed, deleted and created again meanwhile. */
public abstract class SealCalls extends LifeCalls {

  /** Calls through the logs, all of which see the same sessions. */
  protected SealCalls(List<SessionLog> logs) {
    super(logs);
  }

  @Operation
  public final String appendLast(@Param(name = "log") int log, @Param(name = "value") int value) {
    return append(log, event("v" + value), AppendOptions.none().withSeal());
  }

  @Operation
  public final String seal(@Param(name = "log") int log) {
    return told(
        () -> {
          log(log).seal(session);
          return "sealed";
        });
  }
}
