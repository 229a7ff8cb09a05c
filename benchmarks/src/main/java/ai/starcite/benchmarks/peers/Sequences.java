package ai.starcite.benchmarks.peers;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers the events of sessions for systems that do not do so themselves. That costs them nothing,
 * where a row to count with, locked until the commit, would cost them most of their speed; in
 * return there are holes where a write fails, and it takes a single process.
 */
final class Sequences {
  private final Map<String, AtomicLong> last = new ConcurrentHashMap<>();

  long next(String session) {
    return last.computeIfAbsent(session, unused -> new AtomicLong()).incrementAndGet();
  }
}
