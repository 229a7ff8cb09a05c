package ai.starcite.examples.cli.console;

import ai.starcite.SessionLogException;

/** What the command says by its exit code. {@code docs/cli.md} has the list for users. */
public final class ExitCode {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int NOT_FOUND = 3;
  public static final int CONFLICT = 4;
  public static final int DAMAGED = 5;
  public static final int UNKNOWN = 6;
  public static final int UNAVAILABLE = 7;
  public static final int UNAUTHORIZED = 8;

  /** As the shell has it for a program that SIGPIPE ended. */
  public static final int CLOSED_PIPE = 141;

  private ExitCode() {}

  public static int of(SessionLogException e) {
    return switch (e.code()) {
      case INVALID -> USAGE;
      case SESSION_NOT_FOUND -> NOT_FOUND;
      case SESSION_EXISTS,
          SESSION_SEALED,
          VERSION_CONFLICT,
          EXPECTED_SEQ_CONFLICT,
          PRODUCER_SEQ_CONFLICT,
          PRODUCER_REPLAY_CONFLICT,
          TOO_MANY_PRODUCERS,
          CURSOR_AHEAD,
          CURSOR_EXPIRED ->
          CONFLICT;
      case CORRUPT -> DAMAGED;
      case OUTCOME_UNKNOWN -> UNKNOWN;
      case BACKPRESSURE, CANCELLED, STORE_UNAVAILABLE, CLOSED -> UNAVAILABLE;
    };
  }
}
