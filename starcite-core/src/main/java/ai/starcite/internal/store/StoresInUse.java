package ai.starcite.internal.store;

import ai.starcite.internal.Limits;
import ai.starcite.spi.SegmentStore;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The store objects that a log of this process has for itself. Two logs over a store that is not
 * shared would each take what it knows for the whole truth: a tail of one would never see what the
 * other appends. Thread-safe.
 */
public final class StoresInUse {
  /** Weak, so that a log that was forgotten keeps no store alive. */
  private static final List<WeakReference<SegmentStore>> TAKEN = new ArrayList<>();

  private StoresInUse() {}

  public static void take(SegmentStore store) {
    synchronized (TAKEN) {
      if (TAKEN.stream().anyMatch(each -> each.get() == store)) {
        throw Limits.invalid(
            "another log is open over this store, which is not shared; use that log, or close it"
                + " first");
      }
      TAKEN.removeIf(each -> each.get() == null);
      TAKEN.add(new WeakReference<>(store));
    }
  }

  public static void release(SegmentStore store) {
    synchronized (TAKEN) {
      TAKEN.removeIf(each -> each.get() == store);
    }
  }
}
