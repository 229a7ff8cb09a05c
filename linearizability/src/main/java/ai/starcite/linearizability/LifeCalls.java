package ai.starcite.linearizability;

import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;

/** Calls of a session that is deleted and created again meanwhile. */
public abstract class LifeCalls extends LogCalls {

  /** Calls through the logs, all of which see the same sessions. */
  protected LifeCalls(List<SessionLog> logs) {
    super(logs);
  }

  @Operation
  public final String create(@Param(name = "log") int log) {
    return told(
        () -> {
          log(log).create(NewSession.named(session));
          return "created";
        });
  }

  @Operation
  public final String delete(@Param(name = "log") int log) {
    return told(
        () -> {
          log(log).delete(session);
          return "deleted";
        });
  }
}
