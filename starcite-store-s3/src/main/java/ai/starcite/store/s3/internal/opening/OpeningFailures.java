package ai.starcite.store.s3.internal.opening;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.store.s3.internal.client.AwsError;
import ai.starcite.store.s3.internal.client.BucketPlace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Explains why a store cannot be opened, and what to do about it. */
final class OpeningFailures {
  private static final String CREDENTIALS =
      "check the credentials, given with credentials(…) or found by the AWS SDK";

  private OpeningFailures() {}

  /** Explains a request that failed. */
  static SessionLogException explain(Throwable failure, BucketPlace place) {
    return unavailable(
        place + " cannot be opened (" + failure.getMessage() + "): " + advice(failure, place),
        failure);
  }

  private static String advice(Throwable failure, BucketPlace place) {
    AwsError error = AwsError.of(failure);
    return switch (error.code()) {
      case "NoSuchBucket" ->
          "create the bucket "
              + place.bucket()
              + ", or check its name, the region and the endpoint; the store does not create it";
      case "RequestTimeTooSkewed", "RequestExpired" -> clock();
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken" ->
          CREDENTIALS;
      case "AccessDenied" ->
          "allow s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on"
              + " "
              + place
              + "*, to these credentials";
      case "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          region(error);
      case "NotImplemented" ->
          "the server lacks what the store relies on; use one that supports If-None-Match: * of"
              + " PutObject";
      default -> byStatus(error);
    };
  }

  private static String byStatus(AwsError error) {
    return switch (error.status()) {
      case 0 ->
          "check that the endpoint can be reached from here, is an S3 server, and that there are"
              + " credentials";
      case 301, 307, 308 -> region(error);
      case 401, 403 -> CREDENTIALS;
      case 404 -> "check the endpoint: what answers there does not seem to be an S3 server";
      case 400 -> "check region, endpoint, path style and bucket name";
      default -> "try again later, or check the server";
    };
  }

  private static String region(AwsError error) {
    SdkHttpResponse answer = error.answer();
    String region =
        answer == null ? null : answer.firstMatchingHeader("x-amz-bucket-region").orElse(null);
    return region == null
        ? "set region(…) to the region of the bucket"
        : "the bucket is in another region: set region(…) to " + region;
  }

  private static String clock() {
    return "correct this machine's clock: S3 refuses requests signed more than 15 minutes off";
  }

  static SessionLogException clockOff(Duration ahead, BucketPlace place) {
    return unavailable(
        "this machine's clock is %d seconds %s that of %s; %s"
            .formatted(
                ahead.abs().toSeconds(),
                ahead.isNegative() ? "behind" : "ahead of",
                place,
                clock()),
        null);
  }

  static SessionLogException noDate(BucketPlace place) {
    return unavailable(
        "the answers of "
            + place
            + " have no Date header, by which the store detects stale ones: make the server, or the"
            + " proxy in front of it, send one",
        null);
  }

  /** Explains that the protocol is not safe on a server. */
  static SessionLogException unsafe(BucketPlace place, String fault, String danger) {
    return unavailable(
        "the server of %s is not safe to use: %s. %s. Use a server that passes this test (see docs/s3-operations.md)"
            .formatted(place, fault, danger),
        null);
  }

  private static SessionLogException unavailable(String message, @Nullable Throwable cause) {
    return new SessionLogException(Code.STORE_UNAVAILABLE, message, cause);
  }
}
