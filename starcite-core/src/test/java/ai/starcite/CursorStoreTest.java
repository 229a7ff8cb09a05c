package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.starcite.SessionLogException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CursorStoreTest {
  private static final Cursor CURSOR = Cursor.of(42, "life-1");

  /** SHA-256 of 00000001, "s", "r". */
  private static final String GOLDEN_NAME =
      "0d5a5976854943a69bf60570420bb288e56535cf257b51ffcc19a50f50522cd1.cursor";

  private static final String GOLDEN =
      """
      starcite-cursor 1 1c9756c6
      {"session_id":"s","reader":"r","incarnation":"life-1","seq":42}
      """;

  /** Ids that some file system or other takes for one, for a path or for something special. */
  private static final List<String> HOSTILE =
      List.of(
          "a",
          "A",
          "ß",
          "ss",
          "é",
          "e\u0301",
          "ﬁ",
          "fi",
          "İ",
          "i",
          "../x",
          "x",
          "/x",
          "a/b",
          "a\\b",
          ".",
          "..",
          "~",
          "CON",
          "con",
          "NUL",
          "COM1.txt",
          "a.",
          "a ",
          " a",
          "a:b",
          "*?",
          "😀",
          "a\u200b",
          "-rf",
          "x".repeat(256),
          "X".repeat(256),
          "\"",
          "%2e",
          "a\u00a0");

  @TempDir Path directory;

  enum Kind {
    IN_MEMORY,
    IN_DIRECTORY
  }

  private CursorStore open(Kind kind) {
    return kind == Kind.IN_MEMORY
        ? CursorStore.inMemory()
        : CursorStore.inDirectory(directory.resolve("deep/cursors"));
  }

  private CursorStore open() {
    return CursorStore.inDirectory(directory);
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  private static SessionLogException failure(Code code, ThrowingCallable call) {
    SessionLogException e = catchThrowableOfType(SessionLogException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
    return e;
  }

  @ParameterizedTest
  @EnumSource
  void savedCursor_isLoaded_untilReplacedOrForgotten(Kind kind) {
    CursorStore store = open(kind);
    assertThat(store.load("s", "r")).isEmpty();

    store.save("s", "r", CURSOR);
    assertThat(store.load("s", "r")).contains(CURSOR);

    Cursor later = Cursor.of(Long.MAX_VALUE, "ā life \"2\"\n");
    store.save("s", "r", later);
    assertThat(store.load("s", "r")).contains(later);

    store.forget("s", "r");
    assertThat(store.load("s", "r")).isEmpty();
    store.forget("s", "r");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("SES-2: ids that differ in anything are different readers")
  void hostileIds_doNotCollide(Kind kind) {
    CursorStore store = open(kind);
    long seq = 0;
    for (String id : HOSTILE) {
      store.save(id, "r", Cursor.of(++seq, "life"));
      store.save("r", id, Cursor.of(++seq, "life"));
      store.save(id, id, Cursor.of(++seq, "life"));
    }
    seq = 0;
    for (String id : HOSTILE) {
      assertThat(store.load(id, "r")).contains(Cursor.of(++seq, "life"));
      assertThat(store.load("r", id)).contains(Cursor.of(++seq, "life"));
      assertThat(store.load(id, id)).contains(Cursor.of(++seq, "life"));
    }
    assertThat(store.load("aa", "b")).isEmpty();
    store.save("a", "ab", CURSOR);
    assertThat(store.load("aa", "b")).isEmpty();
  }

  @Test
  @DisplayName("SES-2: no id leads out of the directory or to a name that a file system bends")
  void fileNames_arePlain() throws IOException {
    Path cursors = directory.resolve("cursors");
    CursorStore store = CursorStore.inDirectory(cursors);
    for (String id : HOSTILE) {
      store.save(id, "r", CURSOR);
      store.save("r", id, CURSOR);
    }
    List<String> names;
    try (Stream<Path> files = Files.list(cursors)) {
      names = files.map(file -> file.getFileName().toString()).toList();
    }
    assertThat(names)
        .allMatch(name -> name.matches("[0-9a-f]{64}\\.cursor"))
        .hasSize(2 * HOSTILE.size());
    assertThat(names.stream().map(CursorStoreTest::folded)).doesNotHaveDuplicates();
    assertThat(onlyFile()).isEqualTo(cursors);
  }

  private static String folded(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  @ParameterizedTest
  @EnumSource
  void badArguments_areNamed(Kind kind) {
    CursorStore store = open(kind);
    for (String bad : List.of("", "x".repeat(257), "\ud800")) {
      assertInvalid(() -> store.load(bad, "r")).hasMessageContaining("session id");
      assertInvalid(() -> store.save("s", bad, CURSOR)).hasMessageContaining("reader");
      assertInvalid(() -> store.forget("s", bad)).hasMessageContaining("reader");
    }
    assertInvalid(() -> store.load("s", "a\nb")).hasMessageContaining("control character");
    assertThatNullPointerException().isThrownBy(() -> store.load(null, "r"));
    assertThatNullPointerException()
        .isThrownBy(() -> store.save("s", null, CURSOR))
        .withMessage("reader");
    assertThatNullPointerException()
        .isThrownBy(() -> store.save("s", "r", null))
        .withMessage("cursor");
    assertInvalid(() -> Cursor.of(-1, "life")).hasMessageContaining("seq");
    assertInvalid(() -> Cursor.of(1, "")).hasMessageContaining("incarnation");
    assertThatNullPointerException().isThrownBy(() -> Cursor.of(1, null));
  }

  @Test
  void directory_isReadByLaterStores() {
    open().save("s", "r", CURSOR);

    assertThat(open().load("s", "r")).contains(CURSOR);
  }

  @Test
  @DisplayName("Format 1 of a cursor's file is as documented, and can be read forever")
  void format1() throws IOException {
    open().save("s", "r", CURSOR);
    Path file = onlyFile();
    assertThat(file).hasFileName(GOLDEN_NAME).hasContent(GOLDEN);

    Files.writeString(file, GOLDEN);
    assertThat(open().load("s", "r")).contains(CURSOR);
  }

  @Test
  @DisplayName("ERR-2: a file with any byte changed is CORRUPT, never a start at 0")
  void anyByteChanged_isCorrupt() throws IOException {
    CursorStore store = open();
    store.save("s", "r", CURSOR);
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[i] ^= (byte) (1 << bit);
        Files.write(file, damaged);
        failure(Code.CORRUPT, () -> store.load("s", "r"));
      }
    }
  }

  @Test
  @DisplayName("ERR-2: a truncated file is CORRUPT, an empty one too, and says what to do")
  void truncated_isCorrupt() throws IOException {
    CursorStore store = open();
    store.save("s", "r", CURSOR);
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(failure(Code.CORRUPT, () -> store.load("s", "r")))
          .hasMessageContaining("reader r of session s")
          .hasMessageContaining(file.getFileName().toString())
          .hasMessageContaining("forget it to start over");
    }
    Files.write(file, (new String(whole, UTF_8) + "\n").getBytes(UTF_8));
    failure(Code.CORRUPT, () -> store.load("s", "r"));

    store.forget("s", "r");
    assertThat(store.load("s", "r")).isEmpty();
  }

  @Test
  @DisplayName("ERR-2: the file of another reader, under this one's name, is CORRUPT")
  void fileOfAnotherReader_isCorrupt() throws IOException {
    CursorStore store = open();
    store.save("s", "R", CURSOR);
    Path other = onlyFile();
    store.save("s", "r", CURSOR);
    Path own = directory.resolve(GOLDEN_NAME);
    assertThat(own).exists();
    Files.copy(other, own, StandardCopyOption.REPLACE_EXISTING);

    assertThat(failure(Code.CORRUPT, () -> store.load("s", "r")))
        .hasMessageContaining("another reader");
  }

  @Test
  void newerFormat_isRefused() throws IOException {
    CursorStore store = open();
    store.save("s", "r", CURSOR);
    Path file = onlyFile();
    Files.writeString(file, Files.readString(file).replace("cursor 1", "cursor 2"));

    assertThat(failure(Code.CORRUPT, () -> store.load("s", "r")))
        .hasMessageContaining("format 2")
        .hasMessageContaining("newer version");
  }

  @Test
  void saving_leavesNoOtherFile() throws IOException {
    CursorStore store = open();
    for (int i = 1; i <= 20; i++) {
      store.save("s", "r", Cursor.of(i, "life"));
    }

    assertThat(onlyFile().getFileName().toString()).endsWith(".cursor");
  }

  @Test
  @DisplayName("A save that fails says so, and leaves nothing behind")
  void failingSave() throws IOException {
    CursorStore store = open();
    store.save("s", "r", CURSOR);
    Path file = onlyFile();
    Files.delete(file);
    Files.createDirectories(file.resolve("in the way"));

    assertThat(failure(Code.STORE_UNAVAILABLE, () -> store.save("s", "r", CURSOR)))
        .hasMessageContaining(directory.toString())
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(onlyFile()).isEqualTo(file);
    failure(Code.STORE_UNAVAILABLE, () -> store.load("s", "r"));
  }

  @Test
  @DisplayName("A directory that is gone is not one without cursors")
  void directoryGone() throws IOException {
    Path cursors = directory.resolve("cursors");
    CursorStore store = CursorStore.inDirectory(cursors);
    Files.delete(cursors);

    failure(Code.STORE_UNAVAILABLE, () -> store.load("s", "r"));
    failure(Code.STORE_UNAVAILABLE, () -> store.save("s", "r", CURSOR));
  }

  @Test
  void directoryThatIsAFile_isUnavailable() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    failure(Code.STORE_UNAVAILABLE, () -> CursorStore.inDirectory(file));
    failure(Code.STORE_UNAVAILABLE, () -> CursorStore.inDirectory(file.resolve("below")));
  }

  @Test
  @DisplayName("An interrupted thread saves and loads as any other, and stays interrupted")
  void interrupted() {
    CursorStore store = open();
    Thread.currentThread().interrupt();
    try {
      store.save("s", "r", CURSOR);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThat(store.load("s", "r")).contains(CURSOR);
      store.forget("s", "r");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(store.load("s", "r")).isEmpty();
  }

  @Test
  @DisplayName("Threads that save, while they are interrupted too, never show half a cursor")
  void savedAtOnce() throws Exception {
    CursorStore store = open();
    store.save("s", "r", Cursor.of(1, "life-1"));
    List<FutureTask<Void>> tasks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int writer = 1; writer <= 3; writer++) {
      Cursor cursor = Cursor.of(writer, "life-" + writer);
      tasks.add(
          new FutureTask<>(
              () -> {
                for (int i = 0; i < 25; i++) {
                  if (i % 3 == 0) {
                    threads.get((int) cursor.seq() % 3).interrupt();
                  }
                  store.save("s", "r", cursor);
                  Cursor loaded = store.load("s", "r").orElseThrow();
                  assertThat(loaded.incarnation().orElseThrow()).isEqualTo("life-" + loaded.seq());
                  assertThat(loaded.seq()).isBetween(1L, 3L);
                }
                return null;
              }));
    }
    tasks.forEach(task -> threads.add(new Thread(task, "saver")));
    threads.forEach(Thread::start);
    for (FutureTask<Void> task : tasks) {
      task.get();
    }
    assertThat(onlyFile().getFileName().toString()).endsWith(".cursor");
  }
}
