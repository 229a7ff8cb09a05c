package ai.starcite.testkit.contract;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.spi.SegmentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/** What the tests of clauses have: a log over a store of their own, which can be restarted. */
abstract class LogFixture extends StoreFixture {
  private SessionLog log;
  private UnaryOperator<SessionLogBuilder> settings = builder -> builder;

  /** The log under test; opened when it is first asked for. */
  protected final synchronized SessionLog log() {
    if (log == null) {
      log = open(openStore());
    }
    return log;
  }

  private SessionLog open(SegmentStore store) {
    return openLog(settings.apply(SessionLog.builder(store).closesStore(outlivesClose())));
  }

  /** Opens another log over what is stored, as another process has it. */
  protected final SessionLog openAnother() {
    return open(openStore());
  }

  /** The id of a new session. */
  protected final String newSession() {
    return log().create(NewSession.defaults()).id();
  }

  /** Sets how the log is opened, from the next opening on. */
  protected final void settings(UnaryOperator<SessionLogBuilder> newSettings) {
    settings = newSettings;
  }

  /** Closes the log and opens it again on the same content, as after a restart. */
  protected final SessionLog reopen() {
    closeLog();
    return log();
  }

  /** Closes the log. */
  @AfterEach
  protected final void closeLog() {
    if (log != null) {
      log.close();
      log = null;
    }
  }

  /** An event of some type with a small payload. */
  protected static NewEvent event(String text) {
    return NewEvent.of("content", Json.encode(java.util.Map.of("text", text)));
  }

  /** All events of a session now. */
  protected final List<Event> read(String sessionId) {
    return read(sessionId, TailOptions.from(0));
  }

  /** What a tail delivers that does not follow. */
  protected final List<Event> read(String sessionId, TailOptions options) {
    List<Event> events = new ArrayList<>();
    try (Tail tail = log().tail(sessionId, options.withoutFollowing())) {
      tail.forEachRemaining(events::add);
    }
    return events;
  }

  /** The exception of a call that must fail with a code. */
  protected static SessionLogException failure(Code code, ThrowingCallable call) {
    SessionLogException failure =
        org.assertj.core.api.Assertions.catchThrowableOfType(SessionLogException.class, call);
    org.assertj.core.api.Assertions.assertThat(failure).as("a failure with %s", code).isNotNull();
    org.assertj.core.api.Assertions.assertThat(failure.code())
        .as(failure.getMessage())
        .isEqualTo(code);
    return failure;
  }
}
