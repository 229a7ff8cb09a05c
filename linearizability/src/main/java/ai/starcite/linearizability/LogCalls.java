package ai.starcite.linearizability;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;

/**
 * Calls of one session through one or several logs, which Lincheck makes at once from several
 * threads; then it looks for an order of the calls in which {@link SequentialLog} would have
 * answered each like that. A test extends this and says which logs. Lincheck makes an instance for
 * each round, so that the logs are static there.
 */
@Param(name = "log", gen = IntGen.class, conf = "0:1")
@Param(name = "value", gen = IntGen.class, conf = "1:2")
@Param(name = "number", gen = IntGen.class, conf = "1:3")
@Param(name = "content", gen = IntGen.class, conf = "1:2")
@Param(name = "lastSeq", gen = IntGen.class, conf = "0:3")
public abstract class LogCalls {
  private static final int ROUNDS = 60;
  private static final AtomicLong NUMBER = new AtomicLong();

  private final List<SessionLog> logs;
  final String session = "s" + NUMBER.incrementAndGet();

  /** Calls through the logs, all of which see the same sessions. */
  protected LogCalls(List<SessionLog> logs) {
    this.logs = logs;
    log(0).create(NewSession.ofId(session));
  }

  /**
   * Makes the calls of a class and checks the answers. {@code -Dstarcite.lincheck.scenarios=N} sets
   * how many sets of calls are tried; each is made sixty times.
   */
  public static void check(Class<? extends LogCalls> calls) {
    LinChecker.check(
        calls,
        new StressOptions()
            .iterations(Integer.getInteger("starcite.lincheck.scenarios", 10))
            .invocationsPerIteration(ROUNDS)
            .threads(2)
            .actorsPerThread(3)
            .actorsBefore(2)
            .actorsAfter(2)
            .sequentialSpecification(SequentialLog.class));
  }

  final SessionLog log(int number) {
    return logs.get(number % logs.size());
  }

  @Operation
  public final String create(@Param(name = "log") int log) {
    return told(
        () -> {
          log(log).create(NewSession.ofId(session));
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

  @Operation
  public final String appendLast(@Param(name = "log") int log, @Param(name = "value") int value) {
    return append(log, event("v" + value), AppendOptions.defaults().withSeal());
  }

  @Operation
  public final String seal(@Param(name = "log") int log) {
    return told(
        () -> {
          log(log).seal(session);
          return "sealed";
        });
  }

  @Operation
  public final String get(@Param(name = "log") int log) {
    return told(
        () -> {
          Session found = log(log).get(session);
          return found.lastSeq() + (found.sealed() ? " sealed" : "");
        });
  }

  @Operation
  public final String read(@Param(name = "log") int log) {
    return told(
        () -> {
          List<String> texts = new ArrayList<>();
          try (Tail tail = log(log).tail(session, TailOptions.from(0).withoutFollowing())) {
            for (Event event : tail) {
              texts.add(event.type());
            }
          }
          return String.join(" ", texts);
        });
  }

  @Operation
  public final String append(@Param(name = "log") int log, @Param(name = "value") int value) {
    return append(log, event("v" + value), AppendOptions.defaults());
  }

  @Operation
  public final String appendAfter(
      @Param(name = "log") int log, @Param(name = "lastSeq") int lastSeq) {
    return append(log, event("after" + lastSeq), AppendOptions.defaults().withExpectedSeq(lastSeq));
  }

  @Operation
  public final String appendAs(
      @Param(name = "log") int log,
      @Param(name = "number") int number,
      @Param(name = "content") int content) {
    return append(
        log,
        event("p" + number + "=" + content).withProducer("p", number),
        AppendOptions.defaults());
  }

  @Operation
  public final String appendTwo(@Param(name = "log") int log, @Param(name = "value") int value) {
    return told(
        () -> {
          List<AppendResult> two =
              log(log).appendAll(session, List.of(event("a" + value), event("b" + value)));
          return two.get(0).seq() + " " + two.get(1).seq();
        });
  }

  final String append(int log, NewEvent event, AppendOptions options) {
    return told(
        () -> {
          AppendResult result = log(log).append(session, event, options);
          return result.seq() + (result.deduped() ? " again" : "");
        });
  }

  static NewEvent event(String type) {
    return NewEvent.of(type, Json.parse("{}"));
  }

  interface Call {
    String make();
  }

  /** What a call was told: the code of a failure, with the seq that it names. */
  static String told(Call call) {
    try {
      return call.make();
    } catch (SessionLogException e) {
      return e.code()
          + (e.code() == SessionLogException.Code.EXPECTED_SEQ_CONFLICT
              ? " " + e.currentSeq().orElseThrow()
              : "");
    }
  }
}
