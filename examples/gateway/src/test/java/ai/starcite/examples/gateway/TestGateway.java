package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.examples.gateway.http.GatewayOptions;
import ai.starcite.spi.SegmentStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Consumer;
import picocli.CommandLine;

/** A gateway on a free port, and a plain HTTP client for it. */
public final class TestGateway implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final Gateway gateway;
  final HttpClient http = HttpClient.newHttpClient();

  private TestGateway(Gateway gateway) {
    this.gateway = gateway;
  }

  public static TestGateway start(String... args) {
    return new TestGateway(Gateway.start(options(args)));
  }

  public static TestGateway start(SegmentStore store, Consumer<GatewayOptions> change) {
    GatewayOptions options = options();
    change.accept(options);
    return new TestGateway(Gateway.start(options, store));
  }

  static GatewayOptions options(String... args) {
    GatewayOptions options = new GatewayOptions();
    String[] all = new String[args.length + 4];
    System.arraycopy(new String[] {"--port", "0", "--store", "memory:"}, 0, all, 0, 4);
    System.arraycopy(args, 0, all, 4, args.length);
    new CommandLine(options).setOverwrittenOptionsAllowed(true).parseArgs(all);
    return options;
  }

  /** An answer. */
  public record Answer(int status, String body, HttpResponse<String> response) {
    JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(body, e);
      }
    }

    public Answer is(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return this;
    }

    /** Checks that it is that error, in the one form that errors have. */
    public Answer isError(int expected, String name) {
      is(expected);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(json().path("error").textValue()).as(body).isEqualTo(name);
      assertThat(json().path("message").textValue()).isNotBlank();
      return this;
    }
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + path)).timeout(Duration.ofSeconds(60));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public Answer get(String path) {
    return send(to(path).header("Accept", "application/json"));
  }

  Answer send(String method, String path, String json) {
    return send(
        to(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json)));
  }

  Answer post(String path, String json) {
    return send("POST", path, json);
  }

  Answer post(String path) {
    return send(to(path).POST(HttpRequest.BodyPublishers.noBody()));
  }

  public Answer create(String id) {
    return post("/v1/sessions", "{\"id\":\"" + id + "\"}").is(201);
  }

  /** Appends a message of an agent. */
  public Answer append(String id, String agent, long producerSeq) {
    return post(
        "/v1/sessions/" + id + "/append",
        """
        {"type":"message","payload":{"role":"assistant","text":"%s %d"},"actor":"agent:%s",
         "producer_id":"%s","producer_seq":%d}\
        """
            .formatted(agent, producerSeq, agent, agent, producerSeq));
  }

  @Override
  public void close() {
    gateway.close();
  }
}
