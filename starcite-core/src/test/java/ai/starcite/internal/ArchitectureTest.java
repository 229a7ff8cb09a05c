package ai.starcite.internal;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The walls of the code: see {@code docs/ARCHITECTURE.md}. */
class ArchitectureTest {
  private static final String INTERNAL = "ai.starcite.internal";

  /** From the bottom to the top. A package uses those before it, and none behind it. */
  private static final List<String> LAYERS =
      List.of(
          ".threads",
          "",
          ".segment",
          ".store",
          ".events",
          ".session",
          ".append",
          ".shared",
          ".commit",
          ".open",
          ".tail",
          ".cursor",
          ".log");

  /** What the API may use of the inside: to check values, and to open a log or a cursor store. */
  private static final Set<String> ENTRANCES =
      Set.of("", ".threads", ".segment", ".cursor", ".log");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("ai.starcite");

  @Test
  @DisplayName("no internal package uses one above it")
  void noArrowBackUp() {
    Set<String> wrong = new TreeSet<>();
    for (Dependency each : dependencies()) {
      int from = layer(each.getOriginClass().getPackageName());
      int to = layer(each.getTargetClass().getPackageName());
      if (from >= 0 && to > from) {
        wrong.add(each.getDescription());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  @DisplayName("every internal package has a place among the layers")
  void allKnown() {
    assertThat(CLASSES)
        .extracting(each -> each.getPackageName())
        .filteredOn(name -> name.startsWith(INTERNAL))
        .allSatisfy(name -> assertThat(layer(name)).as(name).isNotNegative());
  }

  @Test
  @DisplayName("the internal packages are free of circles")
  void noCircle() {
    slices().matching("ai.starcite.internal.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  @DisplayName("the API uses the inside at its entrances only")
  void entrances() {
    Set<String> wrong = new TreeSet<>();
    for (Dependency each : dependencies()) {
      String from = each.getOriginClass().getPackageName();
      String to = each.getTargetClass().getPackageName();
      if (!from.startsWith(INTERNAL)
          && to.startsWith(INTERNAL)
          && !ENTRANCES.contains(to.substring(INTERNAL.length()))) {
        wrong.add(each.getDescription());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  @DisplayName("no published file has more than 400 lines")
  void fileLength() throws IOException {
    Path root = Path.of(System.getProperty("starcite.rootDir"));
    try (Stream<Path> modules = Files.list(root)) {
      List<Path> sources =
          modules
              .filter(each -> each.getFileName().toString().startsWith("starcite-"))
              .map(each -> each.resolve("src/main/java"))
              .toList();
      assertThat(sources).hasSizeGreaterThan(1);
      for (Path each : sources) {
        try (Stream<Path> files = Files.walk(each)) {
          assertThat(files.filter(file -> file.toString().endsWith(".java")))
              .allSatisfy(
                  file -> assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(400));
        }
      }
    }
  }

  private static List<Dependency> dependencies() {
    return CLASSES.stream()
        .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
        .filter(each -> each.getTargetClass().getPackageName().startsWith("ai.starcite"))
        .toList();
  }

  private static int layer(String packageName) {
    return packageName.startsWith(INTERNAL)
        ? LAYERS.indexOf(packageName.substring(INTERNAL.length()))
        : -1;
  }
}
