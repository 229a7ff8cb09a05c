package ai.starcite.internal;

import ai.starcite.SessionLogException;

/**
 * Hears how an asynchronous append ended before its caller does. Called on a thread that must not
 * wait, more than once perhaps, and always for the same end.
 */
public interface AppendListener {
  /** Hears that the append is stored. */
  void stored();

  /** Hears that the append has failed. Returns what the caller is told. */
  SessionLogException failed(SessionLogException failure);
}
