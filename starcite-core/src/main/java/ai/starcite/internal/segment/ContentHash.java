package ai.starcite.internal.segment;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.internal.CoreAccess;
import ai.starcite.internal.Limits;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * A hash of what makes two events the same content (clause APP-4), over the very bytes: equal
 * hashes are taken for equal content, others are settled by comparing JSON values. So it must be
 * one for which nobody can make two contents: half a SHA-256, for which processors have
 * instructions. Part of the checkpoint's format.
 *
 * @param high its first 8 bytes
 * @param low its next 8 bytes
 */
public record ContentHash(long high, long low) {
  /** Several times faster than looking one up each time. Of JDK classes only, as it may live on. */
  private static final ThreadLocal<MessageDigest> DIGEST =
      ThreadLocal.withInitial(ContentHash::newDigest);

  private static final byte[] ABSENT = {};

  public static ContentHash of(NewEvent event, boolean seals) {
    CoreAccess trusted = CoreAccess.access();
    byte[] type = utf8(event.type());
    byte[] actor = utf8(trusted.actor(event));
    byte[] source = utf8(trusted.source(event));
    byte[] key = utf8(trusted.idempotencyKey(event));
    byte[] metadata = bytes(trusted.metadata(event));
    byte[] refs = bytes(trusted.refs(event));
    byte[] payload = trusted.bytes(event.payload());
    // With all lengths before all bytes, no two contents look alike; none is empty that is there.
    ByteBuffer head =
        ByteBuffer.allocate(
            7 * Integer.BYTES + 1 + type.length + actor.length + source.length + key.length);
    head.putInt(type.length).putInt(actor.length).putInt(source.length).putInt(key.length);
    head.putInt(metadata.length).putInt(refs.length).putInt(payload.length);
    head.put((byte) (seals ? 1 : 0));
    head.put(type).put(actor).put(source).put(key);
    MessageDigest digest = DIGEST.get();
    digest.update(head.array());
    digest.update(metadata);
    digest.update(refs);
    digest.update(payload);
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new ContentHash(hash.getLong(), hash.getLong());
  }

  private static byte[] utf8(@Nullable String text) {
    return text == null ? ABSENT : Limits.utf8(text);
  }

  private static byte[] bytes(@Nullable Json json) {
    return json == null ? ABSENT : CoreAccess.access().bytes(json);
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
