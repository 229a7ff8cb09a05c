package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose process is killed at any moment (clause APP-1). */
class KilledStoreTest {
  private static final int ROUNDS = 24;
  private static final int MOST_LINES = 300;
  private static final String WRITE_BUFFER_BYTES = String.valueOf(1 << 20);

  @TempDir private Path parent;

  @Test
  void everythingAcknowledged_isThereAfterTheProcessWasKilled() throws Exception {
    Path directory = parent.resolve("store");
    Path temporary = parent.resolve("tmp");
    Random random = new Random();
    AppendedByChild appended = new AppendedByChild();
    for (int round = 0; round < ROUNDS; round++) {
      Files.createDirectory(temporary);
      // Now and then while the database is being opened.
      int lines = round % 6 == 5 ? 0 : random.nextInt(MOST_LINES);
      runAndKill(directory, temporary, lines, appended);
      appended.check(directory);
      Directories.delete(temporary);
    }
    assertThat(appended.sessions()).isEqualTo(AppendingMain.SESSIONS);
  }

  private static void runAndKill(
      Path directory, Path temporary, int lines, AppendedByChild appended) throws Exception {
    try (ChildProcess child =
        ChildProcess.start(
            temporary, AppendingMain.class, directory.toString(), WRITE_BUFFER_BYTES)) {
      for (int i = 0; i < lines; i++) {
        String line = child.line().orElseThrow();
        assertThat(appended.note(line)).as(line).isTrue();
      }
      child.kill();
      List<String> left = child.remainingLines();
      // The last line may have been cut off.
      left.subList(0, Math.max(0, left.size() - 1)).forEach(appended::note);
      child.exitCode();
    }
  }
}
