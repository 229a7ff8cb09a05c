package ai.starcite.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class BadInputTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          no JSON                                           | line 2: invalid JSON
          {"session":"b","messages":[]} {}                  | line 2: invalid JSON
          [1]                                               | line 2:
          {"messages":[]}                                   | session
          {"session":7,"messages":[]}                       | session
          {"session":"","messages":[]}                      | line 2:
          {"session":"b"}                                   | messages
          {"session":"b","messages":{}}                     | messages
          {"session":"b","messages":[7]}                    | line 2: messages[0]
          {"session":"b","messages":[null]}                 | line 2: messages[0]
          {"session":"b","messages":[{"content":"x"}]}      | role
          {"session":"b","messages":[{"role":""}]}          | line 2: messages[0]
          {"session":"a","messages":[]}                     | session a is in line 1 already
          """)
  void malformedLine_isNamedInOneLine(String line, String expected) throws Exception {
    QuickstartRun run = transcripts("{\"session\":\"a\",\"messages\":[]}\n" + line + "\n");

    assertRefused(run, "conversations.jsonl, line 2: ", expected);
    assertThat(directory).isDirectoryNotContaining("glob:**/quickstart-*");
  }

  @Test
  void brokenUtf8_isNamedWithItsLine() throws Exception {
    byte[] bytes = "\n\n{\"session\":\"a\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(directory.resolve("conversations.jsonl"), bytes);

    assertRefused(QuickstartRun.with(directory, "--transcripts", file.toString()), "line 3: ");
  }

  @Test
  void messageOverTheLimitOfTheLog_isNamedWithItsLineAndTheLimit() throws Exception {
    QuickstartRun run =
        transcripts(
            "\n{\"session\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted("x".repeat(2 << 20)));

    assertRefused(run, "line 2: ", "1048576");
  }

  @Test
  void fileWithoutTranscripts_isRefused() throws Exception {
    assertRefused(transcripts("\n  \n"), "has no transcripts in it");
  }

  @Test
  void missingFile_isNamed() throws Exception {
    Path file = directory.resolve("nowhere.jsonl");

    assertRefused(
        QuickstartRun.with(directory, "--transcripts", file.toString()),
        "there is no file " + file);
  }

  @Test
  void directoryInsteadOfAFile_isNamed() throws Exception {
    assertRefused(
        QuickstartRun.with(directory, "--transcripts", directory.toString()),
        "cannot read " + directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --transcript x          | unknown option --transcript
          FILE                    | unknown option FILE
          --transcripts           | --transcripts takes one file
          --transcripts a b       | --transcripts takes one file
          """)
  void unknownOption_isNamed(String args, String expected) throws Exception {
    assertRefused(QuickstartRun.with(directory, args.split(" ")), expected, "--help");
  }

  @Test
  void help_saysHowToCallIt() throws Exception {
    QuickstartRun run = QuickstartRun.with(directory, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: mvn", "--transcripts FILE", "Exit code");
    assertThat(run.err()).isEmpty();
  }

  private QuickstartRun transcripts(String content) throws Exception {
    Path file = Files.writeString(directory.resolve("conversations.jsonl"), content);
    return QuickstartRun.with(directory, "--transcripts", file.toString());
  }

  private static void assertRefused(QuickstartRun run, String... expected) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).startsWith("quickstart: ").contains(expected);
    assertThat(run.err().lines()).hasSize(1);
  }
}
