package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The library that processes unpack and load, some of them at the same time. */
@Timeout(180)
class NativeLibraryTest {
  private static final String BUFFER = String.valueOf(1 << 20);

  @TempDir private Path parent;
  private Path temporary;
  private int stores;

  @BeforeEach
  void makeTemporary() throws IOException {
    temporary = Files.createDirectory(parent.resolve("tmp"));
  }

  @Test
  void processesThatAreKilled_leaveOneLibrary() throws Exception {
    Path first = null;
    for (int i = 0; i < 3; i++) {
      try (ChildProcess child = start(List.of())) {
        assertThat(child.line()).hasValueSatisfying(line -> assertThat(line).startsWith("ack "));
        child.kill();
        child.remainingLines();
      }
      Path library = onlyLibrary();
      if (first == null) {
        first = library;
        // What a process leaves that is killed earlier, which is not taken for a library.
        Files.write(library, new byte[] {1}, StandardOpenOption.TRUNCATE_EXISTING);
      }
      assertThat(library).isEqualTo(first);
    }
  }

  @Test
  void processesThatStartTogether_allWork() throws Exception {
    for (List<String> wrapper :
        List.of(List.<String>of(), List.of("env", "ROCKSDB_SHAREDLIB_DIR=" + temporary))) {
      List<ChildProcess> children = new ArrayList<>();
      try {
        for (int i = 0; i < 8; i++) {
          children.add(start(wrapper));
        }
        for (ChildProcess child : children) {
          assertThat(child.line()).hasValueSatisfying(line -> assertThat(line).startsWith("ack "));
        }
        onlyLibrary();
      } finally {
        for (ChildProcess child : children) {
          child.close();
        }
      }
    }
  }

  /** Another user may have made it, to have this one run what is in it. */
  @Test
  void aDirectoryThatOthersCanWrite_isNotLoadedFrom() throws Exception {
    try (ChildProcess child = start(List.of())) {
      assertThat(child.line()).isPresent();
    }
    Path library = onlyLibrary();
    Files.setPosixFilePermissions(
        library.getParent().getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.write(library, new byte[] {1}, StandardOpenOption.TRUNCATE_EXISTING);
    try (ChildProcess child = start(List.of())) {
      assertThat(child.line()).hasValueSatisfying(line -> assertThat(line).startsWith("ack "));
      assertThat(Files.size(library)).isOne();
      assertThat(libraries()).as("its own is deleted").containsExactly(library);
    }
  }

  @Test
  void aTemporaryDirectoryWhereNothingCanRun_isPassedOver() throws Exception {
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", temporary.toString());
    assumeTrue(mounted, "needs the right to mount a file system");
    try {
      Path home = Files.createDirectory(parent.resolve("home"));
      try (ChildProcess child = start(List.of("env", "JAVA_TOOL_OPTIONS=-Duser.home=" + home))) {
        assertThat(child.line()).hasValueSatisfying(line -> assertThat(line).startsWith("ack "));
        child.kill();
        child.exitCode();
      }
      assertThat(home.resolve(".cache")).isNotEmptyDirectory();
    } finally {
      assertThat(run("umount", temporary.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  private ChildProcess start(List<String> wrapper) throws IOException {
    Path store = parent.resolve("store" + stores++);
    return ChildProcess.startWith(
        wrapper, temporary, AppendingMain.class, store.toString(), BUFFER);
  }

  private Path onlyLibrary() throws IOException {
    assertThat(libraries()).hasSize(1);
    return libraries().get(0);
  }

  private List<Path> libraries() throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      return files.filter(file -> file.getFileName().toString().contains("rocksdbjni")).toList();
    }
  }
}
