package ai.starcite.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionLog;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A script as somebody has it who pastes it into a test. */
final class PastedScript {
  private static final String TEST =
      """
      import ai.starcite.*;
      import java.time.Duration;
      import java.util.*;
      import java.util.function.UnaryOperator;

      public class Pasted {
        public SessionLog log;
        public UnaryOperator<SessionLog> restart;

        SessionLog reopen() {
          return restart.apply(log);
        }

        SessionLog crash() {
          return restart.apply(log);
        }

        public void test() {
      %s
        }
      }
      """;

  private PastedScript() {}

  /** Compiles a script and runs it; gives the log that it has at the end. */
  static SessionLog run(
      String script, Path directory, SessionLog log, UnaryOperator<SessionLog> restart)
      throws IOException, ReflectiveOperationException {
    Path source = Files.writeString(directory.resolve("Pasted.java"), TEST.formatted(script));
    compile(source, directory);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      Class<?> pasted = loader.loadClass("Pasted");
      Object test = pasted.getConstructor().newInstance();
      pasted.getField("log").set(test, log);
      pasted.getField("restart").set(test, restart);
      pasted.getMethod("test").invoke(test);
      return (SessionLog) pasted.getField("log").get(test);
    }
  }

  private static void compile(Path source, Path directory) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    // Plain ASCII, so that it compiles whatever the encoding of the one who pastes it.
    List<String> options =
        List.of("-encoding", "US-ASCII", "-cp", classPath, "-d", directory.toString());
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as("%s%n%s", messages, Files.readString(source)).isTrue();
    }
  }
}
