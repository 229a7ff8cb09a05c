package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose process may write files of a certain size only: the WAL cannot grow any more. */
class FileTooLargeTest {
  /** More than RocksDB's library has, which is unpacked into a file. */
  private static final int LIMIT_KIB = 24 * 1024;

  @TempDir private Path parent;

  @Test
  void everythingAcknowledged_isThereAfterAWriteHasFailed() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash");
    Path directory = parent.resolve("store");
    AppendedByChild appended = new AppendedByChild();
    try (ChildProcess child =
        ChildProcess.startLimited(
            LIMIT_KIB,
            Files.createDirectory(parent.resolve("tmp")),
            AppendingMain.class,
            directory.toString(),
            String.valueOf(32 << 20))) {
      List<String> others =
          child.remainingLines().stream().filter(line -> !appended.note(line)).toList();
      assertThat(others)
          .isNotEmpty()
          .allSatisfy(
              line ->
                  assertThat(line)
                      .matches("failed (Indefinite|Rejected)\\[.*SessionLogException: .*")
                      .contains("File too large", "then retry"));
      assertThat(child.exitCode()).isZero();
    }
    assertThat(appended.sessions()).isEqualTo(AppendingMain.SESSIONS);
    appended.check(directory);
  }
}
