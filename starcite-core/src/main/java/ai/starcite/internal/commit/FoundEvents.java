package ai.starcite.internal.commit;

import ai.starcite.internal.segment.ContentHash;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Old events that were looked for in the log, the most recent ones, since a retry comes again. */
final class FoundEvents {
  private static final int MOST = 256;

  /** Where an event is, and the hash of its content. */
  record Found(long seq, ContentHash hash) {}

  private record Name(String producerId, long number) {}

  private final Map<Name, Found> found =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Found> eldest) {
          return size() > MOST;
        }
      };

  @Nullable Found get(String producerId, long number) {
    return found.isEmpty() ? null : found.get(new Name(producerId, number));
  }

  void put(String producerId, long number, long seq, ContentHash hash) {
    found.put(new Name(producerId, number), new Found(seq, hash));
  }
}
