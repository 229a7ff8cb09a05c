package ai.starcite.examples.cli.backend;

import ai.starcite.Event;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.TailOptions;
import ai.starcite.TailOptions.Start;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import java.io.IOException;
import java.net.http.WebSocketHandshakeException;
import java.util.NoSuchElementException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A tail over a gateway. When a connection breaks it goes on from the last event that it has,
 * however often that happens; only where the first connection fails, it fails. It never goes on in
 * another life of the session, which its cursor would silently fit.
 */
final class ResumingTail implements EventStream {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  /** The gateway pings every 30 seconds: so long without a sign of it, and the line is dead. */
  private static final long SILENCE_SECONDS = 75;

  private final Gateway gateway;
  private final String sessionId;
  private final TailOptions options;
  private final Supplier<String> incarnations;
  private final Consumer<String> notes;
  private String incarnation;
  private Event next;
  private long cursor;
  private TailSocket socket;
  private boolean hasConnected;
  private boolean complete;
  private long left;
  private long pause = FIRST_PAUSE_MILLIS;

  /**
   * A tail that connects when it is first asked for an event.
   *
   * @param incarnations asks for the session's incarnation, and fails if there is no such session
   * @param notes is told when a connection was lost
   */
  ResumingTail(
      Gateway gateway,
      String sessionId,
      TailOptions options,
      Supplier<String> incarnations,
      Consumer<String> notes) {
    this.gateway = gateway;
    this.incarnations = incarnations;
    this.incarnation = options.incarnation().orElse(null);
    this.sessionId = sessionId;
    this.options = options;
    this.notes = notes;
    this.cursor = ((Start.After) options.start()).seq();
    this.left = options.limit().orElse(Long.MAX_VALUE);
  }

  @Override
  public boolean isReady() {
    return next != null || socket != null && socket.isReady();
  }

  @Override
  public boolean hasNext() {
    while (next == null && !complete && left > 0) {
      try {
        advance();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandException(ExitCode.FAILED, "interrupted", e);
      }
    }
    return next != null;
  }

  @Override
  public Event next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Event event = next;
    next = null;
    left--;
    return event;
  }

  private void advance() throws InterruptedException {
    if (socket == null) {
      connect();
      return;
    }
    TailSocket.Sign sign = socket.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
    if (sign == null) {
      broken("no sign of the gateway for " + SILENCE_SECONDS + " s");
    } else if (sign instanceof TailSocket.Frame frame) {
      pause = FIRST_PAUSE_MILLIS;
      next = frame.event();
      cursor = next.seq();
    } else if (sign instanceof TailSocket.Ended end) {
      ended(end);
    }
  }

  private void connect() throws InterruptedException {
    try {
      requireSameLife();
      TailSocket opening = new TailSocket();
      Failures.await(gateway.connect(path(), opening).thenAccept(opening::opened));
      socket = opening;
      hasConnected = true;
    } catch (SessionLogException | CommandException e) {
      RuntimeException reason =
          e.getCause() instanceof WebSocketHandshakeException || !hasConnected ? refused(e) : e;
      if (!hasConnected || isFinal(reason)) {
        throw reason;
      }
      broken(reason.getMessage());
    }
  }

  /** Whether it would be the same if it were tried again. */
  private static boolean isFinal(RuntimeException reason) {
    return reason instanceof SessionLogException e
        ? e.code() != Code.STORE_UNAVAILABLE
        : ((CommandException) reason).exitCode() == ExitCode.UNAUTHORIZED;
  }

  private void requireSameLife() {
    String now = incarnations.get();
    incarnation = incarnation == null ? now : incarnation;
    if (!incarnation.equals(now)) {
      throw new SessionLogException(
          Code.SESSION_NOT_FOUND,
          "session " + sessionId + " was deleted; the one of that id is another one");
    }
  }

  /** A failed handshake carries no reason. The answer to a plain request for the same has it. */
  private RuntimeException refused(RuntimeException failure) {
    if (!(failure.getCause() instanceof IOException) || failure instanceof SessionLogException) {
      return failure;
    }
    try {
      gateway.call("GET", path(), null);
    } catch (SessionLogException | CommandException e) {
      return e;
    }
    return new CommandException(
        ExitCode.FAILED,
        gateway.url() + " opens no WebSocket: is there a proxy between, which does not pass it?",
        failure);
  }

  private void ended(TailSocket.Ended end) throws InterruptedException {
    socket = null;
    switch (end.code()) {
      case TailSocket.COMPLETE -> complete = true;
      case TailSocket.TOKEN_EXPIRED ->
          throw new CommandException(
              ExitCode.UNAUTHORIZED,
              "the token has expired; the last event was "
                  + cursor
                  + ": go on with a new token and --cursor "
                  + cursor);
      case TailSocket.DELETED ->
          throw new SessionLogException(
              Code.SESSION_NOT_FOUND, "session " + sessionId + " was deleted");
      case TailSocket.CURSOR_AHEAD ->
          throw new SessionLogException(
              Code.CURSOR_AHEAD,
              "cursor %d lies beyond the last event of session %s%s"
                  .formatted(cursor, sessionId, end.gap()));
      case TailSocket.CURSOR_EXPIRED ->
          throw new SessionLogException(
              Code.CURSOR_EXPIRED,
              "the events after cursor %d of session %s are gone%s"
                  .formatted(cursor, sessionId, end.gap()));
      default -> {
        if (end.reason().equals("corrupt")) {
          throw new SessionLogException(
              Code.CORRUPT,
              "what is stored of session %s after seq %d is damaged".formatted(sessionId, cursor));
        }
        broken(end.reason());
      }
    }
  }

  private void broken(String reason) throws InterruptedException {
    if (socket != null) {
      socket.abort();
      socket = null;
    }
    if (pause == FIRST_PAUSE_MILLIS) {
      notes.accept("lost the connection (" + reason + "); resuming after seq " + cursor);
    }
    TimeUnit.MILLISECONDS.sleep(pause + ThreadLocalRandom.current().nextLong(pause));
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
  }

  private String path() {
    StringBuilder path = new StringBuilder(Gateway.path(sessionId));
    path.append("/tail?cursor=").append(cursor).append("");
    // The wire has agents only; an agent is the actor after that prefix.
    options
        .actors()
        .forEach(
            actor ->
                path.append("&agent=").append(Gateway.encoded(actor.substring("agent:".length()))));
    options.types().forEach(type -> path.append("&type=").append(Gateway.encoded(type)));
    if (!options.follow()) {
      path.append("&follow=false");
    }
    return path.toString();
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.abort();
    }
  }
}
