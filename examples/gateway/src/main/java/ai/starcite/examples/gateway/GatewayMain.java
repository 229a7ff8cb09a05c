package ai.starcite.examples.gateway;

import ai.starcite.examples.gateway.http.GatewayOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Runs a gateway until it is told to stop. */
public final class GatewayMain {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayMain.class);

  private GatewayMain() {}

  /**
   * Starts the gateway that the command line describes.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    GatewayOptions options = new GatewayOptions();
    CommandLine commandLine = new CommandLine(options);
    try {
      commandLine.parseArgs(args);
    } catch (ParameterException e) {
      System.err.println(e.getMessage() + "; --help tells more");
      System.exit(CommandLine.ExitCode.USAGE);
    }
    if (commandLine.isUsageHelpRequested()) {
      commandLine.usage(System.out);
      return;
    }
    try {
      Gateway gateway = Gateway.start(options);
      Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "starcite-gateway-stop"));
      if (options.tokenFile == null && options.jwks == null) {
        LOG.warn(
            "authentication is off: anyone who reaches this port may read and write all sessions");
      }
      System.out.println("Listening on " + gateway.url());
    } catch (RuntimeException e) {
      System.err.println("The gateway cannot start: " + e.getMessage());
      System.exit(CommandLine.ExitCode.SOFTWARE);
    }
  }
}
