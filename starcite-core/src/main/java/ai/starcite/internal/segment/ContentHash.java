package ai.starcite.internal.segment;

import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.internal.Trusted;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit hash of what makes two events the same content (clause APP-4), over the very bytes:
 * equal hashes are taken for equal content, others are settled by comparing JSON values. Part of
 * the checkpoint's format, so it does not change; the mixing steps are those of MurmurHash3's
 * finalizer.
 */
final class ContentHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long hash = 0x9E3779B97F4A7C15L;

  static long of(NewEvent event, boolean seals) {
    Trusted trusted = Trusted.access();
    ContentHash hash = new ContentHash();
    hash.add(event.type());
    hash.add(trusted.actor(event));
    hash.add(trusted.source(event));
    hash.add(trusted.idempotencyKey(event));
    hash.add(trusted.metadata(event));
    hash.add(trusted.refs(event));
    hash.add(event.payload());
    hash.add(seals ? 1 : 0);
    return hash.hash;
  }

  private void add(@Nullable String text) {
    if (text == null) {
      add(-1);
      return;
    }
    add(text.length());
    long word = 0;
    for (int i = 0; i < text.length(); i++) {
      word = (word << 16) | text.charAt(i);
      if ((i & 3) == 3) {
        add(word);
      }
    }
    add(word);
  }

  private void add(@Nullable Json json) {
    if (json == null) {
      add(-1);
      return;
    }
    byte[] bytes = Trusted.access().bytes(json);
    add(bytes.length);
    int i = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      add((long) LONG.get(bytes, i));
    }
    long rest = 0;
    for (; i < bytes.length; i++) {
      rest = (rest << 8) | (bytes[i] & 0xFF);
    }
    add(rest);
  }

  private void add(long word) {
    long h = (hash ^ word) * 0xFF51AFD7ED558CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
    hash = h ^ (h >>> 29);
  }
}
