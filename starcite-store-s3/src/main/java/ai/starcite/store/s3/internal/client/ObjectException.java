package ai.starcite.store.s3.internal.client;

import org.jspecify.annotations.Nullable;

/** Thrown when a request to the object store got no usable answer. */
public final class ObjectException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says whether the request may have had an effect, and whether to send it again. */
  public enum Kind {
    /**
     * The request may have had its effect, or may yet: a timeout, a broken connection, 409, 5xx.
     * Retrying the same request is worthwhile.
     */
    UNKNOWN,
    /** As {@link #UNKNOWN}, and the server has asked for fewer requests: 429, 503. */
    BUSY,
    /**
     * This attempt had no effect and never will, and a retry will fail too until somebody changes
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

  /** Returns whether retrying the same request is worthwhile. */
  public boolean isRetryable() {
    return kind != Kind.REFUSED;
  }
}
