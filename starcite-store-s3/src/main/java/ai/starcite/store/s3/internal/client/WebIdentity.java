package ai.starcite.store.s3.internal.client;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Checks for credentials that Kubernetes, for example, gives to a process as a web identity. The
 * SDK needs one more library for them. Without it, the SDK silently looks for other credentials,
 * and acts as the machine instead, or fails.
 */
final class WebIdentity {
  private static final String STS = "software.amazon.awssdk.services.sts.StsClient";

  private WebIdentity() {}

  /** Fails if the process has a web identity that the SDK would ignore. */
  static void requireSupport() {
    boolean before =
        setting("aws.accessKeyId", "AWS_ACCESS_KEY_ID") != null
            && setting("aws.secretAccessKey", "AWS_SECRET_ACCESS_KEY") != null;
    String token = setting("aws.webIdentityTokenFile", "AWS_WEB_IDENTITY_TOKEN_FILE");
    if (!before && token != null && !isPresent()) {
      throw new SessionLogException(
          Code.STORE_UNAVAILABLE,
          "this process is given a web identity ("
              + token
              + "), and the AWS SDK cannot use it: add the library software.amazon.awssdk:sts, in"
              + " the version of software.amazon.awssdk:s3");
    }
  }

  private static @Nullable String setting(String property, String variable) {
    String value = System.getProperty(property, System.getenv(variable));
    return value == null || value.isBlank() ? null : value;
  }

  private static boolean isPresent() {
    try {
      Class.forName(STS, false, WebIdentity.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
