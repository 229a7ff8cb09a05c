package ai.starcite.store.s3.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.spi.SessionRecord;
import ai.starcite.store.s3.internal.format.Manifest.Aging;
import ai.starcite.store.s3.internal.format.Manifest.CheckpointRef;
import ai.starcite.store.s3.internal.format.Manifest.ChunkRef;
import ai.starcite.store.s3.internal.format.Manifest.Since;
import ai.starcite.testkit.contract.StoreData;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Manifests: their bytes, and what they remember of earlier boundaries. */
class ManifestTest {
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);
  private static final SessionRecord RECORD = StoreData.record(StoreData.key("s"));
  private static final Manifest FIRST = Manifest.created(Life.of(RECORD), RECORD);

  private static ChunkRef chunk(long first, long last) {
    return new ChunkRef(first, last, 3, new UUID(first, last), 1_000);
  }

  @Test
  void whatIsWrittenIsRead() {
    CheckpointRef inline = new CheckpointRef(7, 2, new UUID(5, 6), new byte[] {1, 2, 3});
    Manifest manifest =
        new Manifest(
            new UUID(1, 2),
            RECORD,
            true,
            20,
            new UUID(8, 9),
            List.of(chunk(1, 9), chunk(10, 19)),
            List.of(new Since(10, START), new Since(20, START.plusSeconds(5))),
            Optional.of(inline));
    Manifest read = Manifest.fromBytes(manifest.toBytes());
    assertThat(read.checkpoint().orElseThrow().inline()).isEqualTo(inline.inline());
    assertThat(read).usingRecursiveComparison().isEqualTo(manifest);
    assertThat(Manifest.fromBytes(FIRST.toBytes())).isEqualTo(FIRST);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] bytes = FIRST.toBytes();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> Manifest.fromBytes(damaged))
          .as("bit %d", bit)
          .isInstanceOfSatisfying(
              SessionLogException.class, e -> assertThat(e.code()).isEqualTo(Code.CORRUPT));
    }
  }

  @Test
  void aNewerFormatIsNamed() {
    byte[] bytes = FIRST.toBytes();
    bytes[4] = 2;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
    assertThatThrownBy(() -> Manifest.fromBytes(bytes))
        .hasMessageContaining("format 2")
        .hasMessageContaining("use a newer one");
  }

  /** Compacts every minute for three days, as if each generation were read before the next. */
  @Test
  void theHistoryStaysShortAndNeverOverstatesABoundary() {
    Manifest manifest = FIRST;
    Instant modified = START;
    for (int minute = 1; minute <= 3 * 24 * 60; minute++) {
      Instant now = START.plus(Duration.ofMinutes(minute));
      List<ChunkRef> all = List.of(chunk(1, minute));
      manifest =
          manifest.compacted(
              new UUID(0, minute),
              all,
              new UUID(8, 9),
              Optional.empty(),
              new Aging(now, modified, GRACE));
      modified = now;
      assertThat(manifest.history()).hasSizeLessThan(40);
      long safe = manifest.boundaryOld(now, GRACE, modified);
      // The boundary that was made in minute n is n + 1.
      long old = Math.max(1, minute - 24 * 60 + 1);
      assertThat(safe).as("in minute %d", minute).isLessThanOrEqualTo(old);
      assertThat(safe).as("in minute %d", minute).isGreaterThanOrEqualTo(old - 100);
    }
  }

  @Test
  void aBoundaryOfUnknownAgeIsAddedByALaterGeneration() {
    Manifest compacted =
        FIRST.compacted(
            new UUID(0, 1),
            List.of(chunk(1, 9)),
            new UUID(8, 9),
            Optional.empty(),
            new Aging(START, START, GRACE));
    Manifest next = compacted.withRecord(new UUID(0, 2), RECORD, new Aging(START, null, GRACE));
    assertThat(next.history()).isEmpty();
    Instant later = START.plusSeconds(100);
    assertThat(next.withRecord(new UUID(0, 3), RECORD, new Aging(START, later, GRACE)).history())
        .containsExactly(new Since(10, later));
    assertThat(next.boundaryOld(later.plus(GRACE).minusSeconds(1), GRACE, later)).isEqualTo(1);
    assertThat(next.boundaryOld(later.plus(GRACE), GRACE, later)).isEqualTo(10);
  }
}
