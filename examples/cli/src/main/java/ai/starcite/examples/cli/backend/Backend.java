package ai.starcite.examples.cli.backend;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.TailOptions;
import ai.starcite.examples.cli.console.CommandException;
import java.util.concurrent.CompletableFuture;

/**
 * Where the sessions are: a directory or a gateway. All that the commands need, so that each of
 * them exists once. Failures are {@link ai.starcite.SessionLogException}s with the codes of the
 * library, or {@link CommandException}s.
 */
public interface Backend extends AutoCloseable {

  /** Names the place, the same in every run: the identity of a producer hangs on it. */
  String name();

  /** How many appends may be under way at once. */
  int maxInFlight();

  /** Whether it takes events that are without a producer, or without an actor, as they are. */
  boolean takesBareEvents();

  Session create(NewSession session);

  Session get(String sessionId);

  Session archive(String sessionId);

  Session unarchive(String sessionId);

  Session seal(String sessionId);

  void delete(String sessionId);

  SessionPage list(SessionQuery query);

  /** Appends without waiting. The future fails with the exception itself. */
  CompletableFuture<AppendResult> append(String sessionId, NewEvent event, AppendOptions options);

  /** Reads from a cursor, of which the options have one. */
  EventStream tail(String sessionId, TailOptions options);

  @Override
  void close();
}
