package ai.starcite.examples.cli.backend;

import ai.starcite.AppendOptions;
import ai.starcite.AppendResult;
import ai.starcite.Event;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLog;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.Tail;
import ai.starcite.TailOptions;
import ai.starcite.examples.cli.console.CommandException;
import ai.starcite.examples.cli.console.ExitCode;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;

/** Sessions in a directory of the local disk, which this process owns while it runs. */
public final class DirectoryBackend implements Backend {
  private final Path directory;
  private final SessionLog log;

  private DirectoryBackend(Path directory, SessionLog log) {
    this.directory = directory;
    this.log = log;
  }

  public static DirectoryBackend open(Path directory, boolean create) {
    return new DirectoryBackend(directory, SessionLog.open(openStore(directory, create)));
  }

  /**
   * Opens the store itself. Only what writes new sessions makes a directory where there is none.
   */
  public static RocksDbSegmentStore openStore(Path directory, boolean create) {
    if (!create && !Files.exists(directory.resolve("starcite.format"))) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "there is no store in " + directory + "; 'starcite create' makes one");
    }
    try {
      return RocksDbSegmentStore.open(directory);
    } catch (SessionLogException e) {
      if (e.code() == Code.STORE_UNAVAILABLE && e.getMessage().contains(" is already open in ")) {
        String held = e.getMessage().substring(0, e.getMessage().indexOf(": "));
        throw new CommandException(
            ExitCode.UNAVAILABLE,
            held
                + ", and a directory has one owner at a time: run a gateway on it and reach that"
                + " with --url, or wait until the other one has ended",
            e);
      }
      throw e;
    }
  }

  @Override
  public String name() {
    try {
      return directory.toRealPath().toUri().toString();
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, directory + " has gone away", e);
    }
  }

  @Override
  public int maxInFlight() {
    return 512;
  }

  @Override
  public boolean takesBareEvents() {
    return true;
  }

  @Override
  public Session create(NewSession session) {
    return log.create(session);
  }

  @Override
  public Session get(String sessionId) {
    return log.get(sessionId);
  }

  @Override
  public Session archive(String sessionId) {
    return log.archive(sessionId);
  }

  @Override
  public Session unarchive(String sessionId) {
    return log.unarchive(sessionId);
  }

  @Override
  public Session seal(String sessionId) {
    return log.seal(sessionId);
  }

  @Override
  public void delete(String sessionId) {
    log.delete(sessionId);
  }

  @Override
  public SessionPage list(SessionQuery query) {
    return log.list(query);
  }

  @Override
  public CompletableFuture<AppendResult> append(
      String sessionId, NewEvent event, AppendOptions options) {
    return log.appendAsync(sessionId, event, options);
  }

  /** Ends at the last event: while this process owns the directory, nobody else can add one. */
  @Override
  public EventStream tail(String sessionId, TailOptions options) {
    return new TailStream(log.tail(sessionId, options.withoutFollowing()));
  }

  @Override
  public void close() {
    log.close();
  }

  /** Takes what is there in portions, so that a portion is printed with one write. */
  private static final class TailStream implements EventStream {
    private static final int PORTION = 256;

    private final Tail tail;
    private Iterator<Event> portion = List.<Event>of().iterator();

    TailStream(Tail tail) {
      this.tail = tail;
    }

    @Override
    public boolean isReady() {
      return portion.hasNext();
    }

    @Override
    public boolean hasNext() {
      while (!portion.hasNext()) {
        List<Event> events = tail.poll(PORTION, Duration.ofSeconds(1));
        if (events.isEmpty() && tail.end().isPresent()) {
          return false;
        }
        portion = events.iterator();
      }
      return true;
    }

    @Override
    public Event next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return portion.next();
    }

    @Override
    public void close() {
      tail.close();
    }
  }
}
