package ai.starcite.store.s3;

import ai.starcite.spi.SessionKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hints between stores of this process. Thread-safe. */
final class InProcessNotifier implements S3Notifier {
  private final Map<SessionKey, List<Runnable>> hints = new ConcurrentHashMap<>();

  @Override
  public void changed(SessionKey session) {
    hints.getOrDefault(session, List.of()).forEach(Runnable::run);
  }

  @Override
  public Runnable subscribe(SessionKey session, Runnable hint) {
    List<Runnable> all = hints.computeIfAbsent(session, key -> new CopyOnWriteArrayList<>());
    all.add(hint);
    return () -> all.remove(hint);
  }
}
