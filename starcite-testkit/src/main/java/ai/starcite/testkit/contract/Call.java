package ai.starcite.testkit.contract;

import ai.starcite.AppendOptions;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.SessionQuery;
import ai.starcite.SessionUpdate;
import ai.starcite.TailOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * A call of a log, for the rules that hold for all of them.
 *
 * @param name what a failing test calls it
 * @param on makes the call for a session, and waits for its future if there is one
 */
record Call(String name, Action on) {

  /** Makes a call for a session. */
  @FunctionalInterface
  interface Action {
    void run(SessionLog log, String sessionId) throws Throwable;
  }

  /** Every call that is about one session that should exist. */
  static List<Call> ofSession() {
    AppendOptions none = AppendOptions.defaults();
    return List.of(
        new Call("get", SessionLog::get),
        new Call("update", (log, id) -> log.update(id, SessionUpdate.defaults())),
        new Call("archive", SessionLog::archive),
        new Call("unarchive", SessionLog::unarchive),
        new Call("seal", SessionLog::seal),
        new Call("delete", SessionLog::delete),
        new Call("append", (log, id) -> log.append(id, LogFixture.event("x"))),
        new Call(
            "append with a producer",
            (log, id) -> log.append(id, LogFixture.event("x").withProducer("p", 1))),
        new Call("appendAsync", (log, id) -> await(log.appendAsync(id, LogFixture.event("x")))),
        new Call("appendAll", (log, id) -> log.appendAll(id, List.of(LogFixture.event("x")))),
        new Call(
            "appendAllAsync",
            (log, id) -> await(log.appendAllAsync(id, List.of(LogFixture.event("x")), none))),
        new Call("tail", (log, id) -> log.tail(id, 0).close()),
        new Call(
            "tail without following",
            (log, id) -> log.tail(id, TailOptions.from(0).withoutFollowing()).close()),
        new Call("producerPosition", (log, id) -> log.producerPosition(id, "p")),
        new Call("producer", (log, id) -> log.producer(id, "p")));
  }

  /** Every call. */
  static List<Call> all() {
    return Stream.concat(
            ofSession().stream(),
            Stream.of(
                new Call("create", (log, id) -> log.create(NewSession.ofId(id))),
                new Call("createIfAbsent", (log, id) -> log.createIfAbsent(NewSession.ofId(id))),
                new Call("list", (log, id) -> log.list(SessionQuery.active()))))
        .toList();
  }

  /** The result of a future, waiting for it uninterrupted, or the exception that it fails with. */
  static <T> T await(CompletableFuture<T> future) throws Throwable {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause();
    }
  }
}
