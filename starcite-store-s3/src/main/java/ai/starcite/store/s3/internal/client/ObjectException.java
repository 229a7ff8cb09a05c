package ai.starcite.store.s3.internal.client;

import org.jspecify.annotations.Nullable;

/** A request to the object store that did not end with an answer to build upon. */
public final class ObjectException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What may come of the request, and of sending it again. */
  public enum Kind {
    /**
     * It may have had its effect, or may yet: a time-out, a broken connection, 409, 5xx. The same
     * request is worth another try.
     */
    UNKNOWN,
    /** The same, and the server has asked for fewer requests: 429, 503. */
    BUSY,
    /**
     * This attempt had no effect and never will, and another is no better until somebody changes
     * something: no such bucket, no permission, a malformed request.
     */
    REFUSED
  }

  private final Kind kind;

  public ObjectException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the same request is worth another try. */
  public boolean isRetryable() {
    return kind != Kind.REFUSED;
  }
}
