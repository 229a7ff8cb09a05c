package ai.starcite.internal.cursor;

import ai.starcite.internal.Limits;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** A reader of a session. */
record ReaderKey(String sessionId, String reader) {

  static ReaderKey of(String sessionId, String reader) {
    Limits.requireSessionId(sessionId);
    Limits.requireString("reader", Objects.requireNonNull(reader, "reader"));
    if (reader.chars().anyMatch(Character::isISOControl)) {
      throw Limits.invalid("reader has a control character; use a name without any");
    }
    return new ReaderKey(sessionId, reader);
  }

  /**
   * The name of its file: all ids are told apart on every file system, whatever that thinks of
   * case, Unicode forms, separators and reserved names.
   */
  String fileName() {
    byte[] session = Limits.utf8(sessionId);
    MessageDigest digest = sha256();
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, session.length));
    digest.update(session);
    return HexFormat.of().formatHex(digest.digest(Limits.utf8(reader))) + ".cursor";
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "reader " + reader + " of session " + sessionId;
  }
}
