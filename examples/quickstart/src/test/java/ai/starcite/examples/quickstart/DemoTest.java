package ai.starcite.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.examples.support.Arguments;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DemoTest {
  @TempDir Path directory;

  @Test
  void demo_withAKilledWriter_losesNothingAndSaysSo() throws Exception {
    Run run = Run.in(directory);

    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .containsPattern("lost +0 ✓")
        .containsPattern("duplicated +0 ✓")
        .containsPattern("deduplicated +1 ✓")
        .containsPattern("orders +1 ✓")
        .containsPattern("Retry of number \\d+: seq=\\d+ deduped=true, it was acknowledged")
        .contains("all checks passed");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void bothTabs_theRefreshedOneToo_showEachEventOnceInOneOrder() throws Exception {
    Run run = Run.in(directory);

    List<String> first = shownBy("tab 1 │ ", run);
    assertThat(first).hasSize(18).isEqualTo(shownBy("tab 2 │ ", run));
    assertThat(run.out()).contains("refreshed with cursor=6", "resumes from cursor=6");
  }

  @Test
  void demo_runAgain_startsAfresh() throws Exception {
    assertThat(Run.in(directory).exitCode()).isZero();
    assertThat(Run.in(directory).exitCode()).isZero();
  }

  @Test
  void demo_leavesItsLogOnly_andThoseOfRunsThatHaveNotEnded() throws Exception {
    Path inUse = Files.createDirectory(directory.resolve("quickstart-demo-1"));
    Files.createFile(
        Files.createDirectory(directory.resolve("quickstart-demo-999999999")).resolve("x"));

    assertThat(Run.in(directory).exitCode()).isZero();

    Path own = directory.resolve("quickstart-demo-" + ProcessHandle.current().pid());
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(inUse, own);
    }
  }

  @Test
  void main_badOption_endsTheJvmWithCodeTwo() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Quickstart.class.getName(),
                "--bogus")
            .start();
    String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(error.lines()).contains("quickstart: unknown option --bogus; try --help");
  }

  /** What the demo did with an empty directory. */
  private record Run(int exitCode, String out, String err) {
    static Run in(Path directory) throws Exception {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int exitCode =
          Arguments.run(
              List.of(),
              directory,
              (store, print) -> new Quickstart(print).run(store),
              stream(out),
              stream(err));
      return new Run(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
      return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
  }

  private static List<String> shownBy(String tab, Run run) {
    return run.out()
        .lines()
        .filter(line -> line.startsWith(tab))
        .map(line -> line.substring(tab.length()))
        .filter(line -> !line.startsWith("…"))
        .toList();
  }
}
