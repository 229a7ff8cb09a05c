package ai.starcite.testkit;

import ai.starcite.AppendOptions;
import ai.starcite.NewEvent;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogBuilder;
import ai.starcite.SessionLogException;
import ai.starcite.TailOptions;
import ai.starcite.spi.SegmentStore;
import ai.starcite.store.memory.MemorySegmentStore;
import ai.starcite.testkit.history.Cursors;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/** Logs that break one clause each, as the classes that a store's author would write for them. */
public final class BrokenLogs {
  private BrokenLogs() {}

  /** Changes the arguments of a call before the log sees them. */
  @FunctionalInterface
  interface Fault {
    void change(SessionLog log, String method, Object[] arguments);
  }

  /** The memory store, under a log with a fault. */
  abstract static class Faulty extends SessionLogContract {
    abstract Fault fault();

    @Override
    protected SegmentStore openStore(Namespace namespace) {
      return MemorySegmentStore.open();
    }

    @Override
    public SessionLog openLog(SessionLogBuilder settings) {
      SessionLog log = settings.open();
      Fault fault = fault();
      return (SessionLog)
          Proxy.newProxyInstance(
              SessionLog.class.getClassLoader(),
              new Class<?>[] {SessionLog.class},
              (proxy, method, arguments) -> {
                if (arguments != null) {
                  fault.change(log, method.getName(), arguments);
                }
                try {
                  return method.invoke(log, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }

  /** Takes every third retry for a new event (APP-4). */
  public static final class ForgetsThirdRetry extends Faulty {
    @Override
    Fault fault() {
      AtomicInteger retries = new AtomicInteger();
      return (log, method, arguments) -> {
        if (method.equals("append")
            && isRetry(log, arguments)
            && retries.incrementAndGet() % 3 == 0) {
          NewEvent event = (NewEvent) arguments[1];
          arguments[1] = NewEvent.of(event.type(), event.payload());
        }
      };
    }

    private static boolean isRetry(SessionLog log, Object[] arguments) {
      NewEvent event = (NewEvent) arguments[1];
      try {
        return event.producerId().isPresent()
            && log.producerPosition((String) arguments[0], event.producerId().get())
                .filter(last -> last.producerSeq() == event.producerSeq().getAsLong())
                .isPresent();
      } catch (SessionLogException e) {
        return false;
      }
    }
  }

  /** Starts a tail one event too early (TAIL-1). */
  public static final class StartsTooEarly extends Faulty {
    @Override
    Fault fault() {
      return (log, method, arguments) -> {
        if (method.equals("tail")
            && arguments[1] instanceof TailOptions from
            && isThere(log, arguments[0], Cursors.of(from))) {
          arguments[1] = from.withCursor(Cursors.of(from) - 1);
        }
      };
    }

    private static boolean isThere(SessionLog log, Object id, long seq) {
      try {
        return seq > 0 && seq <= log.get((String) id).lastSeq();
      } catch (SessionLogException e) {
        return false;
      }
    }
  }

  /** Appends whatever the last seq is (APP-5). */
  public static final class ExpectsNothing extends Faulty {
    @Override
    Fault fault() {
      return (log, method, arguments) -> {
        if (method.startsWith("append") && arguments[2] instanceof AppendOptions options) {
          arguments[2] = copy(options, false, options.seal());
        }
      };
    }
  }

  /** The same options, with or without what they expect, and with or without the seal. */
  static AppendOptions copy(AppendOptions options, boolean expecting, boolean sealing) {
    AppendOptions copy = AppendOptions.defaults();
    if (expecting && options.expectedSeq().isPresent()) {
      copy = copy.withExpectedSeq(options.expectedSeq().getAsLong());
    }
    copy = sealing ? copy.withSeal() : copy;
    copy = options.timeout().map(copy::withTimeout).orElse(copy);
    return options.incarnation().map(copy::withIncarnation).orElse(copy);
  }

  /** Skips a test, since what it needs is not there. */
  public static final class Skips extends SessionLogContract {
    @Override
    protected SegmentStore openStore(Namespace namespace) {
      throw new TestAbortedException("no database");
    }
  }

  /** Forgets to seal with an event without a producer (SES-8). */
  public static final class ForgetsToSeal extends Faulty {
    @Override
    Fault fault() {
      return (log, method, arguments) -> {
        if (method.equals("append")
            && arguments[1] instanceof NewEvent event
            && event.producerId().isEmpty()) {
          AppendOptions options = (AppendOptions) arguments[2];
          arguments[2] = copy(options, true, false);
        }
      };
    }
  }
}
