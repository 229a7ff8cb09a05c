package ai.starcite.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program on the module path. */
class ModulePathTest {
  private static final String MODULE = "module demo { requires ai.starcite.store.rocksdb; }";

  private static final String MAIN =
      """
      package demo;

      import ai.starcite.NewEvent;
      import ai.starcite.NewSession;
      import ai.starcite.SessionLog;
      import ai.starcite.Tail;
      import ai.starcite.chat.Message;
      import ai.starcite.store.rocksdb.RocksDbSegmentStore;
      import java.nio.file.Path;

      public class Main {
        public static void main(String[] args) {
          try (SessionLog log = SessionLog.open(RocksDbSegmentStore.open(Path.of(args[0])))) {
            String id = log.create(NewSession.defaults()).id();
            log.append(id, NewEvent.of(Message.user("hello")));
            try (Tail tail = log.tail(id, 0)) {
              System.out.println(Message.of(tail.next()).text());
            }
          }
        }
      }
      """;

  @TempDir Path directory;

  @Test
  @DisplayName("A module that requires the store alone compiles and runs")
  void requiresTheStoreAlone() throws Exception {
    Path out = directory.resolve("out");
    compile(out);
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                modules() + File.pathSeparator + out,
                "--module",
                "demo/demo.Main",
                directory.resolve("data").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes());
    assertThat(java.waitFor()).as(said).isZero();
    assertThat(said.lines()).contains("hello");
  }

  private void compile(Path out) throws IOException {
    Path source = Files.createDirectories(directory.resolve("src/demo"));
    Path module = Files.writeString(directory.resolve("src/module-info.java"), MODULE);
    Path main = Files.writeString(source.resolve("Main.java"), MAIN);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      Iterable<? extends JavaFileObject> units = files.getJavaFileObjects(module, main);
      List<String> options = List.of("--module-path", modules(), "-d", out.toString());
      assertThat(compiler.getTask(null, files, null, options, null, units).call()).isTrue();
    }
  }

  /** What the store and core are, and need at run time. */
  private static String modules() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(
            entry ->
                entry.matches(
                        ".*(starcite-core|starcite-store-rocksdb)([-.\\d]+(SNAPSHOT)?\\.jar|.target.classes)")
                    || entry.matches(".*(jackson|slf4j-api|rocksdbjni)[^/\\\\]*\\.jar"))
        .filter(entry -> !entry.contains("kotlin"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
