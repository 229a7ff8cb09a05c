package ai.starcite.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLog;
import ai.starcite.chat.Content;
import ai.starcite.examples.cli.console.ExitCode;
import ai.starcite.store.rocksdb.RocksDbSegmentStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("verify")
@Timeout(120)
class VerifyTest {
  private static final String NEEDLE = "here is the byte that flips";

  @TempDir Path work;
  private Path store;

  private Run run(String input, String... args) {
    return new Run.Surroundings(work.resolve("home"))
        .with("STARCITE_DATA", store.toString())
        .input(input)
        .run(args);
  }

  private void ok(String... args) {
    CommandContract.succeeded(run("", args));
  }

  @BeforeEach
  void fill() {
    store = work.resolve("sessions");
    // All in one go, so that it comes to one table: where RocksDB has not sorted its tables yet, it
    // looks for a session's segments in those of others too, and stumbles over their damage.
    try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(store))) {
      for (String id : List.of("before", "hurt", "later")) {
        log.create(NewSession.ofId(id));
        append(log, id, "first" + noise(1));
      }
      append(log, "hurt", noise(2));
      append(log, "hurt", noise(3) + NEEDLE + noise(4));
      append(log, "hurt", "last" + noise(5));
    }
  }

  /**
   * Of random letters, so that compression leaves it, and so large that it is a block by itself.
   */
  private static void append(SessionLog log, String id, String text) {
    log.append(id, NewEvent.of(new Content(text)));
  }

  private static String noise(long seed) {
    StringBuilder noise = new StringBuilder();
    new Random(seed).ints(100_000, 'a', 'z').forEach(noise::appendCodePoint);
    return noise.toString();
  }

  private void flipByteIn(String suffix, String needle) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(store)) {
      files = all.filter(file -> file.toString().endsWith(suffix)).toList();
    }
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(needle);
      if (at >= 0) {
        bytes[at] ^= 1;
        Files.write(file, bytes);
        return;
      }
    }
    throw new AssertionError("that text is in no " + suffix + " of " + files);
  }

  @Test
  @DisplayName("counts what a sound store has, sealed and empty sessions too")
  void sound() {
    ok("create", "--id", "empty");
    ok("create", "--id", "only-sealed");
    ok("seal", "only-sealed");
    ok("seal", "later");
    assertThat(CommandContract.succeeded(run("", "verify")).lines())
        .containsExactly("sessions=5 events=6 damaged=0");
  }

  @Test
  @DisplayName(
      "reports a flipped byte in a table with session and seq, checks the others, ends with 5")
  void damagedTable() throws IOException {
    ok("sessions", "list"); // what the log has is sorted into tables when the store is opened
    flipByteIn(".sst", NEEDLE);
    Run run = run("", "verify");
    assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(ExitCode.DAMAGED);
    assertThat(run.lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("damaged: session hurt at seq 3: ");
    assertThat(run.lines().get(1)).isEqualTo("sessions=3 events=2 damaged=1");
    Run tail = run("", "tail", "hurt");
    assertThat(tail.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(tail.lines())
        .as("what is before the damage")
        .hasSize(2)
        .first()
        .asString()
        .startsWith("[-] first");
  }

  @Test
  @DisplayName(
      "reports a flipped byte in the write-ahead log, with which nothing opens, ends with 5")
  void damagedLog() throws IOException {
    // The byte is in the log of the last run, unless that has been sorted away: write it last.
    ok("append", "hurt", "--text", NEEDLE);
    flipByteIn(".log", NEEDLE);
    CommandContract.assertFails(run("", "verify"), ExitCode.DAMAGED, ".log", "damaged");
  }

  @Test
  @DisplayName(
      "reports a damaged record of a session, and that it could not look behind it, ends with 5")
  void damagedRecord() throws IOException {
    String title = "a title whose byte flips";
    ok("create", "--id", "titled", "--title", title);
    ok("sessions", "list");
    flipByteIn(".sst", title);
    Run run = run("", "verify");
    assertThat(run.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(run.out())
        .contains("damaged: list of sessions")
        .contains("were not checked")
        .contains("damaged=1");
  }

  @Test
  @DisplayName("refuses what is no store with 7")
  void noStore() {
    store = work.resolve("missing");
    CommandContract.assertFails(run("", "verify"), ExitCode.UNAVAILABLE, "no store");
  }
}
