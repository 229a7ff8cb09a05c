package ai.starcite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code docs/contract.md} and those who cite it. */
class ContractTextTest {
  private static final Path ROOT = Path.of(System.getProperty("starcite.rootDir"));
  private static final Path CONTRACT = ROOT.resolve("docs/contract.md");
  private static final Pattern CLAUSE = Pattern.compile("\\b(?:SES|EVT|APP|TAIL|SHR|ERR)-\\d+\\b");
  private static final Pattern DEFINITION = Pattern.compile("(?m)^- \\*\\*([A-Z]+-\\d+)\\b");

  /** Where a sentence of a test stands. */
  private static final Pattern DISPLAY_NAME =
      Pattern.compile("(?:@DisplayName|@Label)\\(([^;{]*?)\\)\\s", Pattern.DOTALL);

  @Test
  @DisplayName("every clause that sources and documents name is defined")
  void defined() {
    Set<String> defined = all(DEFINITION, read(CONTRACT), 1);
    assertThat(defined).isNotEmpty();
    for (Path file : files(name -> name.endsWith(".java") || name.endsWith(".md"))) {
      assertThat(defined).as("the clauses of %s", file).containsAll(all(CLAUSE, read(file), 0));
    }
  }

  @Test
  @DisplayName("every clause that is defined is named by a test")
  void tested() {
    Set<String> named = new TreeSet<>();
    for (Path file : files(name -> name.endsWith(".java"))) {
      Matcher sentence = DISPLAY_NAME.matcher(read(file));
      while (sentence.find()) {
        named.addAll(all(CLAUSE, spelledOut(sentence.group(1)), 0));
      }
    }
    assertThat(named).containsAll(all(DEFINITION, read(CONTRACT), 1));
  }

  /** Spells out {@code APP-1 to APP-7}. */
  private static String spelledOut(String sentence) {
    Matcher range = Pattern.compile("([A-Z]+)-(\\d+) to \\1-(\\d+)").matcher(sentence);
    StringBuilder text = new StringBuilder(sentence);
    while (range.find()) {
      int last = Integer.parseInt(range.group(3));
      for (int number = Integer.parseInt(range.group(2)); number <= last; number++) {
        text.append(' ').append(range.group(1)).append('-').append(number);
      }
    }
    return text.toString();
  }

  private static Set<String> all(Pattern pattern, String text, int group) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(group));
    }
    return found;
  }

  private static Set<Path> files(Predicate<String> named) {
    try (Stream<Path> all = Files.walk(ROOT)) {
      Set<Path> files = new TreeSet<>();
      all.filter(Files::isRegularFile)
          .filter(file -> named.test(file.getFileName().toString()))
          .filter(file -> !ROOT.relativize(file).toString().matches("(.*/)?(target|\\.git)/.*"))
          .forEach(files::add);
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
