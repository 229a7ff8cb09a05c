package ai.starcite.examples.gateway.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "starcite-gateway",
    description = "Serves session logs over HTTP, WebSocket and server-sent events.",
    showDefaultValues = true,
    sortOptions = false,
    usageHelpWidth = 100)
public final class GatewayOptions {
  /** What an event's body may have beside the event: names, quotes and escapes. */
  private static final int ENVELOPE_BYTES = 64 << 10;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  boolean help;

  @Option(names = "--host", description = "Address to listen on.")
  public String host = "127.0.0.1";

  @Option(names = "--port", description = "Port to listen on; 0 takes a free one.")
  public int port = 4000;

  @Option(
      names = "--store",
      required = true,
      showDefaultValue = Visibility.NEVER,
      description =
          "Where sessions are kept: memory:, rocksdb:DIRECTORY or"
              + " s3://BUCKET/PREFIX?endpoint=URL&region=REGION&path_style=true.")
  public String store = "";

  @Option(
      names = "--auth-token-file",
      description =
          "Demand one of these bearer tokens: a line each, TOKEN SCOPE[,SCOPE…] [SESSION].")
  public @Nullable Path tokenFile;

  @Option(
      names = "--jwks",
      description = "Demand a JWT signed with one of these keys: a file or URL of a JWK set.")
  public @Nullable String jwks;

  @Option(names = "--issuer", description = "The iss that JWTs must have.")
  public @Nullable String issuer;

  @Option(names = "--audience", description = "The aud that JWTs must have.")
  public @Nullable String audience;

  @Option(
      names = "--allow-origin",
      description = "Another origin whose pages may use the gateway; * for all. Repeatable.")
  public List<String> allowedOrigins = List.of();

  @Option(names = "--max-event-bytes", description = "Largest event.")
  public int maxEventBytes = 1 << 20;

  @Option(names = "--max-header-bytes", description = "Largest request line and headers.")
  public int maxHeaderBytes = 16 << 10;

  @Option(names = "--max-tails-per-client", description = "Tails that one client may have open.")
  public int maxTailsPerClient = 1_000;

  @Option(
      names = "--idle-timeout",
      description = "Seconds after which a connection ends on which nothing moves.")
  public int idleTimeoutSeconds = 30;

  @Option(names = "--body-timeout", description = "Seconds after which a body must have arrived.")
  public int bodyTimeoutSeconds = 30;

  @Option(
      names = "--shutdown-timeout",
      description = "Seconds that requests under way get to finish when the gateway is stopped.")
  int shutdownTimeoutSeconds = 10;

  /** How often WebSockets are pinged. */
  public Duration pingInterval = Duration.ofSeconds(30);

  /** How often idle event streams say how far they are. */
  public Duration keepAliveInterval = Duration.ofSeconds(15);

  /** Whether only this machine can reach it. */
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // it cannot listen there either
    }
  }

  int maxBodyBytes() {
    return maxEventBytes + ENVELOPE_BYTES;
  }

  public Duration idleTimeout() {
    return Duration.ofSeconds(idleTimeoutSeconds);
  }

  Duration bodyTimeout() {
    return Duration.ofSeconds(bodyTimeoutSeconds);
  }

  public Duration shutdownTimeout() {
    return Duration.ofSeconds(shutdownTimeoutSeconds);
  }
}
