package ai.starcite.examples.cli;

import org.junit.jupiter.api.DisplayName;

@DisplayName("The command on a directory")
class DirectoryCommandTest extends CommandContract {
  @Override
  String[] place() {
    return new String[] {"--data", work.resolve("sessions").toString()};
  }
}
