package ai.starcite.examples.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The command on a gateway")
class GatewayCommandTest extends CommandContract {
  @TempDir static Path store;
  private static GatewayProcess gateway;

  @BeforeAll
  static void start() {
    gateway = GatewayProcess.start(store.resolve("sessions"), 0);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Override
  String[] place() {
    return new String[] {"--url", gateway.url()};
  }

  @Test
  @DisplayName("A directory that a gateway has is refused with 7, naming the holder and --url")
  void heldDirectory() {
    Run run =
        surroundings().run("sessions", "list", "--data", store.resolve("sessions").toString());
    assertFails(run, 7, "pid " + gateway.pid(), "--url");
  }

  @Test
  @DisplayName("import refuses events that a gateway would change")
  void bareEvents() {
    String directory = work.resolve("bare").toString();
    CommandContract.succeeded(surroundings().run("create", "--id", "bare", "--data", directory));
    CommandContract.succeeded(
        surroundings().run("append", "bare", "--text", "no actor", "--data", directory));
    String exported =
        CommandContract.succeeded(surroundings().run("export", "--data", directory)).out();
    assertFails(runIn(surroundings().input(exported), "import"), 2, "has no actor", "--data");
  }
}
