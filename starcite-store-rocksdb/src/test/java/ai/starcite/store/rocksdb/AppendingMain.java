package ai.starcite.store.rocksdb;

import ai.starcite.SessionLogException;
import ai.starcite.spi.AppendOutcome;
import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionKey;
import ai.starcite.spi.StoredSession;
import ai.starcite.testkit.contract.StoreData;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * A process that appends to several sessions at once, forever or until a write fails, and prints a
 * line for each segment that is acknowledged: {@code ack <session> <seq>}. What it appends at a seq
 * is a function of session and seq. Its arguments are the directory and the write buffer's size.
 */
final class AppendingMain {
  static final int SESSIONS = 4;
  private static final int SMALL_BYTES = 300;
  private static final int LARGE_BYTES = 100_000;
  private static final int MOST_EVENTS = 3;

  private final RocksDbSegmentStore store;
  private final CountDownLatch failed = new CountDownLatch(1);

  private AppendingMain(RocksDbSegmentStore store) {
    this.store = store;
  }

  public static void main(String[] args) throws InterruptedException {
    RocksDbOptions options =
        RocksDbOptions.defaults().withWriteBufferBytes(Long.parseLong(args[1]));
    try (RocksDbSegmentStore store = RocksDbSegmentStore.open(Path.of(args[0]), options)) {
      AppendingMain appending = new AppendingMain(store);
      for (int i = 0; i < SESSIONS; i++) {
        appending.start(session(i));
      }
      appending.failed.await();
    } catch (SessionLogException e) {
      System.out.println("open failed " + e.getMessage());
    }
  }

  static SessionKey session(int number) {
    return StoreData.key("session-" + number);
  }

  /** The segment that belongs at a seq: often small, sometimes as long as several WAL blocks. */
  static Segment segment(SessionKey session, long seq) {
    Random random = new Random(session.id().hashCode() * 31L + seq);
    int bytes = random.nextInt(random.nextInt(4) == 0 ? LARGE_BYTES : SMALL_BYTES);
    return StoreData.segment(seq, 1 + random.nextInt(MOST_EVENTS), bytes, false, random);
  }

  private void start(SessionKey session) {
    StoreData.await(store.create(StoreData.record(session)));
    append(
        session, StoreData.await(store.load(session.id())).map(StoredSession::nextSeq).orElse(1L));
  }

  private void append(SessionKey session, long seq) {
    Segment segment = segment(session, seq);
    store
        .append(session, segment)
        .thenAccept(
            outcome -> {
              if (outcome instanceof AppendOutcome.Committed) {
                System.out.println("ack " + session.id() + " " + seq);
                append(session, segment.nextSeq());
              } else {
                System.out.println("failed " + outcome);
                failed.countDown();
              }
            });
  }
}
