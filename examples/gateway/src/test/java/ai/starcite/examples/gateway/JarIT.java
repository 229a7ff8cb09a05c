package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The jar")
class JarIT {
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path dir;

  private String send(HttpRequest.Builder request, int status) throws Exception {
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer.body();
  }

  private static HttpRequest.Builder post(String url, String json) {
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
  }

  @Test
  @DisplayName("has all that it needs: the store on disk, every face, the page and the metrics")
  void works() throws Exception {
    String store = "rocksdb:" + dir.resolve("data");
    Child gateway = Child.startJar("--store", store);
    try {
      String sessions = gateway.url() + "/v1/sessions";
      send(post(sessions, "{\"id\":\"s\"}"), 201);
      send(
          post(
              sessions + "/s/append",
              "{\"type\":\"t\",\"payload\":{},\"producer_id\":\"p\",\"producer_seq\":1}"),
          201);
      SocketClient tail = new SocketClient();
      String socket = sessions.replace("http:", "ws:") + "/s/tail?follow=false";
      http.newWebSocketBuilder().buildAsync(URI.create(socket), tail).join();
      assertThat(tail.all()).hasSize(1);
      assertThat(send(HttpRequest.newBuilder(URI.create(gateway.url())), 200)).contains("<title>");
      assertThat(send(HttpRequest.newBuilder(URI.create(gateway.url() + "/metrics")), 200))
          .contains("starcite_events_committed_total 1.0");
    } finally {
      assertThat(gateway.stop()).isEqualTo(143);
    }
    assertThat(gateway.output()).doesNotContain("Exception", "ERROR");
  }
}
