package ai.starcite.store.s3.internal.protocol;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.CreateOutcome;
import ai.starcite.spi.DeleteOutcome;
import ai.starcite.spi.ListRequest;
import ai.starcite.spi.ReadOutcome;
import ai.starcite.spi.RecordPage;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StateCheckpoint;
import ai.starcite.spi.StoredSession;
import ai.starcite.spi.UpdateOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The operations of a store. Thread-safe. */
public final class Protocol {
  private final Requests requests;
  private final Creator creator;
  private final Appender appender;
  private final Reader reader;
  private final Updater updater;
  private final Deleter deleter;
  private final Lister lister;
  private final Maintenance maintenance;

  Protocol(
      Requests requests,
      Creator creator,
      Appender appender,
      Reader reader,
      Updater updater,
      Deleter deleter,
      Lister lister,
      Maintenance maintenance) {
    this.requests = requests;
    this.creator = creator;
    this.appender = appender;
    this.reader = reader;
    this.updater = updater;
    this.deleter = deleter;
    this.lister = lister;
    this.maintenance = maintenance;
  }

  public CompletableFuture<CreateOutcome> create(SessionRecord session) {
    return creator.create(session);
  }

  public CompletableFuture<Optional<StoredSession>> load(String sessionId) {
    return reader.load(sessionId);
  }

  public CompletableFuture<AppendOutcome> append(SessionKey session, Segment segment) {
    return appender.append(session, segment);
  }

  /** Notes that a segment was appended, so that it may be time to compact the session. */
  public void appended(SessionKey session, Segment segment) {
    maintenance.appended(session, segment.length());
  }

  public CompletableFuture<ReadOutcome> read(SessionKey session, long fromSeq, int maxBytes) {
    return reader.read(session, fromSeq, maxBytes);
  }

  public CompletableFuture<UpdateOutcome> update(SessionRecord next, long expectedVersion) {
    return updater.update(next, expectedVersion);
  }

  public CompletableFuture<RecordPage> list(ListRequest request) {
    return lister.list(request);
  }

  public CompletableFuture<DeleteOutcome> delete(SessionKey session) {
    return deleter.delete(session);
  }

  public void checkpointed(SessionKey session, StateCheckpoint checkpoint) {
    maintenance.checkpointed(session, checkpoint);
  }

  /** Compacts and reclaims all sessions. */
  public CompletableFuture<Void> maintain() {
    return maintenance.maintainAll();
  }

  /** Returns whether the server has lately asked for fewer requests. */
  public boolean isThrottled() {
    return requests.throttling().isOn();
  }

  /** Closes the client. Requests that are under way fail. */
  public void close() {
    requests.close();
  }

  /** Returns what an operation of a closed store fails with. */
  public static SessionLogException closedFailure() {
    return new SessionLogException(Code.CLOSED, "the S3 store is closed; open another one");
  }
}
