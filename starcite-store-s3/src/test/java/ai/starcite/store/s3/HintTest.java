package ai.starcite.store.s3;

import static ai.starcite.testkit.contract.StoreData.await;
import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.spi.SegmentStore.Watch;
import ai.starcite.spi.SessionKey;
import ai.starcite.store.s3.internal.protocol.ProtocolFactory;
import ai.starcite.store.s3.internal.protocol.S3Settings;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Hints from one process to another, through a notifier. */
class HintTest {
  private final MemoryObjects objects = new MemoryObjects();
  private final InProcessNotifier notifier = new InProcessNotifier();

  private S3SegmentStore open() {
    return S3SegmentStore.over(
        objects.client(),
        S3Settings.DEFAULT,
        new ProtocolFactory(),
        Stores.environment(),
        notifier);
  }

  @Test
  void aWatcherHearsOfAppendsAndOfTheDeletion() {
    S3SegmentStore writer = open();
    S3SegmentStore reader = open();
    SessionKey session = Sessions.create(writer, "s").key();
    SessionKey another = Sessions.create(writer, "t").key();
    AtomicInteger hints = new AtomicInteger();
    Watch watch = reader.watch(session, hints::incrementAndGet);
    Sessions.append(writer, session, 2);
    Sessions.append(writer, another, 2);
    assertThat(hints).hasValue(2);
    await(writer.delete(session));
    assertThat(hints).hasValue(3);
    watch.close();
    watch.close();
    await(writer.delete(another));
    assertThat(hints).hasValue(3);
  }
}
