package ai.starcite.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Documentation")
class DocumentationTest {
  private static final Path ROOT = Path.of(System.getProperty("starcite.rootDir")).normalize();
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TYPE =
      Pattern.compile("^(?:public |abstract )?class (\\w+)", Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  @TempDir Path work;

  @TestFactory
  Stream<DynamicTest> everyJavaBlockCompiles() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : documents()) {
      Matcher block = JAVA.matcher(Files.readString(document));
      for (int number = 1; block.find(); number++) {
        String code = block.group(1);
        tests.add(
            DynamicTest.dynamicTest(
                ROOT.relativize(document) + ", block " + number, () -> compile(code)));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  @Test
  @DisplayName("The README's example runs, and has 15 lines at the most")
  void readmeExample_runs() throws Exception {
    Matcher block = JAVA.matcher(Files.readString(ROOT.resolve("README.md")));
    assertThat(block.find()).isTrue();
    String code = block.group(1);
    assertThat(code.substring(code.indexOf("public class")).lines().count())
        .isLessThanOrEqualTo(15);

    Path store = work.resolve("store");
    compile(code.replace("target/example", store.toString().replace('\\', '/')));

    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {work.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      Class<?> example = loader.loadClass("Example");
      example.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(out);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines("Clause 4.2 … at cursor 1");
  }

  @TestFactory
  Stream<DynamicTest> everyLinkLeadsToAFile() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        Path target = document.resolveSibling(link.group(1));
        tests.add(
            DynamicTest.dynamicTest(
                ROOT.relativize(document) + " to " + link.group(1),
                () -> assertThat(target).exists()));
      }
    }
    return tests.stream();
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path folder : List.of(ROOT, ROOT.resolve("docs"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      }
    }
    return documents;
  }

  private void compile(String code) throws IOException {
    Matcher type = TYPE.matcher(code);
    String name = type.find() ? type.group(1) : "Snippet";
    Path source = work.resolve(name + ".java");
    Files.writeString(source, name.equals("Snippet") ? snippet(code) : code);

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, null)) {
      compiler
          .getTask(
              null,
              files,
              problems,
              List.of("-d", work.toString(), "-cp", classPath, "-proc:none", "--release", "17"),
              null,
              files.getJavaFileObjects(source))
          .call();
    }
    assertThat(problems.getDiagnostics())
        .filteredOn(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .isEmpty();
  }

  private static String snippet(String code) {
    return """
    import ai.starcite.*;
    import ai.starcite.chat.*;
    import ai.starcite.spi.*;
    import java.time.*;
    import java.time.temporal.*;
    import java.util.*;
    import java.util.concurrent.*;

    class Snippet {
      void run(
          SessionLog log,
          SegmentStore store,
          String session,
          NewEvent event,
          Executor executor,
          Flow.Subscriber<Event> subscriber)
          throws Exception {
        %s
      }
    }
    """
        .formatted(code);
  }
}
