package ai.starcite.store.s3.internal.client;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Describes how a request of the SDK failed. Failures are classified here and nowhere else, by the
 * status of the answer.
 *
 * @param status the status of the answer, or 0 if there was none
 * @param code S3's name of the error, or empty if the answer does not name it
 * @param onlyAttempt whether the SDK is known to have sent the request once
 * @param answer the answer, or null if there was none
 * @param cause what the SDK threw
 */
public record AwsError(
    int status,
    String code,
    boolean onlyAttempt,
    @Nullable SdkHttpResponse answer,
    Throwable cause) {

  /** Errors with status 400 that mean a broken transmission; the request itself is valid. */
  private static final Set<String> BROKEN_TRANSMISSIONS =
      Set.of("RequestTimeout", "IncompleteBody", "BadDigest", "XAmzContentSHA256Mismatch");

  public static AwsError of(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ObjectException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    Integer attempts = cause instanceof SdkException sdk ? sdk.numAttempts() : null;
    boolean onlyAttempt = attempts != null && attempts == 1;
    if (!(cause instanceof AwsServiceException service)) {
      return new AwsError(0, "", onlyAttempt, null, cause);
    }
    AwsErrorDetails details = service.awsErrorDetails();
    return new AwsError(
        service.statusCode(),
        details == null || details.errorCode() == null ? "" : details.errorCode(),
        onlyAttempt,
        details == null ? null : details.sdkHttpResponse(),
        cause);
  }

  /** Returns the server's time when it answered, or null if it did not say. */
  static @Nullable Instant date(@Nullable SdkHttpResponse answer) {
    Optional<String> date = answer == null ? Optional.empty() : answer.firstMatchingHeader("Date");
    try {
      return date.map(DateTimeFormatter.RFC_1123_DATE_TIME::parse).map(Instant::from).orElse(null);
    } catch (DateTimeParseException e) {
      return null; // an unreadable date counts as none
    }
  }

  /** Returns the server's time when it answered, or null if it did not say. */
  @Nullable Instant date() {
    return date(answer);
  }

  /** Returns whether a put found its key taken. */
  boolean isTaken() {
    return status == 412;
  }

  /**
   * Returns whether the object does not exist. A 404 without that code may come from anything in
   * between, and must not be taken for a deleted session.
   */
  boolean isAbsent() {
    return status == 404 && code.equals("NoSuchKey");
  }

  /** Returns the exception for a request that got no answer. */
  ObjectException failing(String request) {
    String told =
        status == 0
            ? cause.getClass().getSimpleName() + ": " + cause.getMessage()
            : (status + " " + code).strip() + ": " + cause.getMessage();
    return new ObjectException(kind(), request + " failed: " + told, cause);
  }

  private ObjectException.Kind kind() {
    if (status == 429 || status == 503) {
      return ObjectException.Kind.BUSY;
    }
    boolean refusal =
        status >= 300
            && status < 500
            && status != 408
            && status != 409
            && !BROKEN_TRANSMISSIONS.contains(code);
    // Of several attempts, only the last is known to have been refused.
    return refusal && onlyAttempt ? ObjectException.Kind.REFUSED : ObjectException.Kind.UNKNOWN;
  }
}
