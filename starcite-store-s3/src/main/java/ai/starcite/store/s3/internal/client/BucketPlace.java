package ai.starcite.store.s3.internal.client;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;

/**
 * The place of a store's objects.
 *
 * @param bucket name or ARN
 * @param prefix what all its keys begin with: empty, or ending with a slash
 */
public record BucketPlace(String bucket, String prefix) {
  /** Leaves room below the 1,024 bytes of a key for the longest name that the store uses. */
  static final int PREFIX_BYTES = 512;

  private static final String PART = "[A-Za-z0-9!_.*'()=-]+";

  public static BucketPlace of(String bucket, String prefix) {
    if (bucket.isBlank()) {
      throw invalid("no bucket: name one with bucket(…)");
    }
    if (bucket.endsWith("--x-s3")) {
      throw invalid(
          bucket
              + " is a directory bucket, which lists keys in no order: use a general purpose"
              + " bucket");
    }
    if (!prefix.isEmpty()) {
      String[] parts =
          (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix).split("/", -1);
      for (String part : parts) {
        if (!part.matches(PART) || part.equals(".") || part.equals("..")) {
          throw invalid(
              "prefix is '"
                  + prefix
                  + "'; its parts between slashes must consist of letters, digits and !_.*'()=-"
                  + " and be neither empty nor . or ..");
        }
      }
    }
    if (prefix.length() > PREFIX_BYTES) {
      throw invalid("prefix has " + prefix.length() + " bytes; it may have " + PREFIX_BYTES);
    }
    return new BucketPlace(
        bucket, prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
  }

  private static SessionLogException invalid(String message) {
    return new SessionLogException(Code.INVALID, message);
  }

  String key(String key) {
    return prefix + key;
  }

  String below(String wholeKey) {
    return wholeKey.substring(prefix.length());
  }

  /** Returns the place in the form that users and their tools write. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix;
  }
}
