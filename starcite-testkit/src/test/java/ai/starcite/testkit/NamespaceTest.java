package ai.starcite.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The directories of a store that crashes. */
@Timeout(60)
class NamespaceTest {
  private final Namespace namespace = new Namespace();

  @AfterEach
  void remove() {
    namespace.remove();
  }

  @Test
  @DisplayName("A copy has what the directory had, and neither changes with the other")
  void copy() throws IOException {
    Path before = namespace.directory();
    Files.createDirectories(before.resolve("a/b"));
    Files.writeString(before.resolve("a/b/file"), "old");
    Path after = namespace.continueOnCopy();
    Files.writeString(before.resolve("a/b/file"), "new");
    Files.writeString(after.resolve("a/other"), "new");
    assertThat(namespace.directory()).isEqualTo(after).isNotEqualTo(before);
    assertThat(after.resolve("a/b/file")).hasContent("old");
    assertThat(before.resolve("a/other")).doesNotExist();
    namespace.remove();
    assertThat(before).doesNotExist();
    assertThat(after).doesNotExist();
  }

  @Test
  @DisplayName("A copy is of one moment, though files come, grow and go meanwhile")
  void ofOneMoment() throws Exception {
    Path directory = namespace.directory();
    AtomicBoolean done = new AtomicBoolean();
    Callable<Void> writer =
        () -> {
          // The next file is there before the last one goes, each larger than the one before it.
          for (int i = 1; i <= 300; i++) {
            Files.writeString(directory.resolve("f" + i), "x".repeat(i));
            Files.deleteIfExists(directory.resolve("f" + (i - 1)));
          }
          done.set(true);
          return null;
        };
    FutureTask<Void> writing = new FutureTask<>(writer);
    new Thread(writing, "writer").start();
    do {
      Path copy = directory.resolveSibling(directory.getFileName() + "-copy");
      CrashedFiles.copy(directory, copy);
      try (var files = Files.list(copy)) {
        assertThat(files.toList())
            .allSatisfy(
                file -> {
                  int number = Integer.parseInt(file.getFileName().toString().substring(1));
                  assertThat(Files.size(file)).isIn(0L, (long) number);
                })
            .hasSizeLessThanOrEqualTo(2);
      }
      CrashedFiles.delete(copy);
    } while (!done.get());
    writing.get();
  }
}
