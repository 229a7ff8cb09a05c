package ai.starcite.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.examples.cli.console.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("Help")
class HelpTest {
  @TempDir Path work;

  private Run run(String... args) {
    return new Run.Surroundings(work).run(args);
  }

  @TestFactory
  @DisplayName("is there for every command, with an example")
  Stream<DynamicTest> everyCommand() {
    List<List<String>> commands = new ArrayList<>();
    collect(Starcite.commandLine(new Starcite(Shell.ofProcess())), List.of(), commands);
    assertThat(commands).hasSizeGreaterThan(15);
    return commands.stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    "starcite " + String.join(" ", command), () -> assertHelps(command)));
  }

  private void assertHelps(List<String> command) {
    List<String> args = new ArrayList<>(command);
    args.add("--help");
    Run run = CommandContract.succeeded(run(args.toArray(String[]::new)));
    assertThat(run.out()).contains("Usage: starcite").containsPattern("Examples?:\n +\\S");
  }

  private static void collect(CommandLine line, List<String> command, List<List<String>> commands) {
    commands.add(command);
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              List<String> longer = new ArrayList<>(command);
              longer.add(name);
              collect(sub, longer, commands);
            });
  }

  @Test
  @DisplayName("lists the exit codes that docs/cli.md lists")
  void exitCodes() throws Exception {
    String docs = Files.readString(Path.of(System.getProperty("starcite.rootDir"), "docs/cli.md"));
    Run help = run("help");
    assertThat(help.exitCode()).isZero();
    for (int code : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 141}) {
      assertThat(help.out()).containsPattern("\n  " + code + " +\\S");
      assertThat(docs).contains("| " + code + " |");
    }
  }

  @Test
  @DisplayName("has a version, a completion for shells, and a trace of an error for who asks")
  void others() {
    assertThat(run("--version").out()).startsWith("starcite ");
    assertThat(run("generate-completion").out()).contains("complete -F _complete_starcite");
    assertThat(run("show", "x", "--data", work.resolve("no").toString(), "--verbose").err())
        .contains("\tat ai.starcite");
    assertThat(
            new Run.Surroundings(work)
                .with("STARCITE_DEBUG", "1")
                .run("show", "x", "--data", work.resolve("no").toString())
                .err())
        .contains("\tat ai.starcite");
  }
}
