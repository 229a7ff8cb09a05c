package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Access")
class AccessTest {
  private static final String ALL = "session:create session:read session:append";

  @TempDir Path dir;
  private ECKey key;

  @BeforeEach
  void makeKey() throws JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
  }

  private TestGateway startWithJwks() throws Exception {
    Path jwks = Files.writeString(dir.resolve("jwks.json"), publicKeys());
    return startWithJwks(jwks.toString());
  }

  private static TestGateway startWithJwks(String jwks) {
    return TestGateway.start("--jwks", jwks, "--issuer", "iss", "--audience", "aud");
  }

  private String publicKeys() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  private static JWTClaimsSet.Builder claims(String tenant, String scope) {
    return new JWTClaimsSet.Builder()
        .issuer("iss")
        .audience("aud")
        .subject("agent:drafter")
        .claim("tenant_id", tenant)
        .claim("scope", scope)
        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
  }

  private String jwt(JWTClaimsSet.Builder claims) throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(), claims.build());
    jwt.sign(new ECDSASigner(key));
    return jwt.serialize();
  }

  /** Sends with a token; an empty body is none. */
  private static TestGateway.Answer call(
      TestGateway gateway, String token, String method, String path, String json) {
    HttpRequest.Builder request =
        gateway
            .to(path)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .method(
                method,
                json.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(json));
    return gateway.send(
        json.isEmpty() ? request : request.header("Content-Type", "application/json"));
  }

  private static final String EVENT =
      "{\"type\":\"t\",\"payload\":{},\"producer_id\":\"p\",\"producer_seq\":1}";

  @Test
  @DisplayName("tenants neither see nor guess each other's sessions, and may use the same ids")
  void tenants() throws Exception {
    try (TestGateway gateway = startWithJwks()) {
      String acme = jwt(claims("acme", ALL));
      String other = jwt(claims("acme/x", ALL));
      call(gateway, acme, "POST", "/v1/sessions", "{\"id\":\"s\",\"title\":\"secret\"}").is(201);

      for (String id : new String[] {"s", "acme%2Fs", "..%2Facme%2Fs", "..%2Fs"}) {
        String path = "/v1/sessions/" + id;
        String none = call(gateway, other, "GET", "/v1/sessions/never", "").body();
        assertThat(call(gateway, other, "GET", path, "").isError(404, "session_not_found").body())
            .isEqualTo(none);
        call(gateway, other, "GET", path + "/tail", "").isError(404, "session_not_found");
        call(gateway, other, "POST", path + "/append", EVENT).isError(404, "session_not_found");
        call(gateway, other, "PATCH", path, "{}").isError(404, "session_not_found");
        call(gateway, other, "POST", path + "/seal", "").isError(404, "session_not_found");
        call(gateway, other, "DELETE", path, "").isError(404, "session_not_found");
      }
      assertThat(call(gateway, other, "GET", "/v1/sessions?prefix=&archived=all", "").body())
          .isEqualTo("{\"sessions\":[],\"next_cursor\":null}");
      call(gateway, other, "POST", "/v1/sessions", "{\"id\":\"s\"}").is(201);
      String list = call(gateway, acme, "GET", "/v1/sessions?limit=1", "").is(200).body();
      assertThat(list).contains("\"id\":\"s\"", "secret").doesNotContain("acme");
      // Whatever of the prefix could show, in errors too.
      assertThat(call(gateway, acme, "POST", "/v1/sessions", "{\"id\":\"s\"}").body())
          .contains("session_exists")
          .doesNotContain("acme");
      assertThat(
              call(
                      gateway,
                      acme,
                      "POST",
                      "/v1/sessions/s/append",
                      EVENT.replace("1}", "1,\"expected_seq\":9}"))
                  .isError(409, "expected_seq_conflict")
                  .body())
          .doesNotContain("acme");
      call(gateway, acme, "POST", "/v1/sessions", "{\"id\":\"" + "x".repeat(256) + "\"}")
          .isError(400, "invalid_session_id");
    }
  }

  @Test
  @DisplayName("the subject of the token is the actor of events that name none")
  void subject() throws Exception {
    try (TestGateway gateway = startWithJwks()) {
      String token = jwt(claims("acme", ALL));
      call(gateway, token, "POST", "/v1/sessions", "{\"id\":\"s\"}").is(201);
      call(gateway, token, "POST", "/v1/sessions/s/append", EVENT).is(201);

      assertThat(call(gateway, token, "GET", "/v1/sessions/s/tail", "").body())
          .contains("\"actor\":\"agent:drafter\"");
    }
  }

  @Test
  @DisplayName("a token must be signed by a known key, for this gateway, and not be expired")
  void badTokens() throws Exception {
    try (TestGateway gateway = startWithJwks()) {
      Date past = Date.from(Instant.now().minusSeconds(600));
      SignedJWT forged =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(),
              claims("acme", ALL).build());
      forged.sign(new MACSigner(publicKeys().getBytes(StandardCharsets.UTF_8)));
      String good = jwt(claims("acme", ALL));
      String none = "eyJhbGciOiJub25lIn0." + good.split("\\.")[1] + ".";
      for (String token :
          new String[] {
            "x",
            none,
            forged.serialize(),
            good.substring(0, good.length() - 8) + "AAAAAAAA",
            jwt(claims("acme", ALL).expirationTime(past)),
            jwt(claims("acme", ALL).expirationTime(null)),
            jwt(claims("acme", ALL).issuer("other")),
            jwt(claims("acme", ALL).audience("other")),
            jwt(claims("acme", ALL).subject(null)),
            jwt(claims("", ALL)),
            jwt(claims(null, ALL)),
          }) {
        call(gateway, token, "GET", "/v1/sessions", "").isError(401, "unauthorized");
      }
      TestGateway.Answer answer = gateway.get("/v1/sessions");
      answer.isError(401, "unauthorized");
      assertThat(answer.response().headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(SocketClient.refused(gateway.http, gateway, "/v1/sessions/s/tail")).isEqualTo(401);
      gateway.get("/health/ready").is(200);
    }
  }

  @Test
  @DisplayName("a token allows what its scopes name")
  void scopes() throws Exception {
    try (TestGateway gateway = startWithJwks()) {
      String create = jwt(claims("acme", "session:create other"));
      String read = jwt(claims("acme", "").claim("scopes", java.util.List.of("session:read")));
      String append = jwt(claims("acme", "session:append"));
      call(gateway, create, "POST", "/v1/sessions", "{\"id\":\"s\"}").is(201);
      call(gateway, append, "POST", "/v1/sessions/s/append", EVENT).is(201);
      call(gateway, read, "GET", "/v1/sessions/s/tail", "").is(200);

      call(gateway, read, "POST", "/v1/sessions", "{}").isError(403, "forbidden");
      call(gateway, read, "POST", "/v1/sessions/s/append", EVENT).isError(403, "forbidden");
      call(gateway, read, "POST", "/v1/sessions/s/seal", "").isError(403, "forbidden");
      call(gateway, append, "DELETE", "/v1/sessions/s", "").isError(403, "forbidden");
      call(gateway, append, "GET", "/v1/sessions/s/tail", "").isError(403, "forbidden");
      call(gateway, create, "GET", "/v1/sessions", "").isError(403, "forbidden");
    }
  }

  @Test
  @DisplayName("a tail ends with 4001 when its token expires, and a stream ends")
  void expiry() throws Exception {
    try (TestGateway gateway = startWithJwks()) {
      String good = jwt(claims("acme", ALL));
      call(gateway, good, "POST", "/v1/sessions", "{\"id\":\"s\"}").is(201);
      // The verifier grants a minute of skew; the tail does not.
      String brief =
          jwt(claims("acme", ALL).expirationTime(Date.from(Instant.now().plusSeconds(1))));
      SocketClient tail = SocketClient.open(gateway, "/v1/sessions/s/tail?access_token=" + brief);

      assertThat(tail.closeCode()).isEqualTo(4001);
      assertThat(tail.reason).isEqualTo("token_expired");
      gateway
          .send(
              gateway
                  .to("/v1/sessions/s/tail?access_token=" + brief)
                  .header("Accept", "text/event-stream"))
          .is(200);
    }
  }

  @Test
  @DisplayName("keys can be fetched from an address, and an address that fails is not a bad token")
  void jwksFromUrl() throws Exception {
    HttpServer keys = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    keys.createContext(
        "/keys",
        exchange -> {
          byte[] body = publicKeys().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    keys.start();
    String base = "http://127.0.0.1:" + keys.getAddress().getPort();
    String token = jwt(claims("acme", ALL));
    try (TestGateway good = startWithJwks(base + "/keys");
        TestGateway bad = startWithJwks(base + "/none")) {
      call(good, token, "GET", "/v1/sessions", "").is(200);
      call(bad, token, "GET", "/v1/sessions", "").isError(503, "store_unavailable");
    } finally {
      keys.stop(0);
    }
  }

  @Test
  @DisplayName("static tokens have scopes, and may be locked to a session")
  void tokenFile() throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("tokens"),
            """
            # for the operators
            admin session:create,session:read,session:append

            viewer session:read s1
            """);
    try (TestGateway gateway = TestGateway.start("--auth-token-file", file.toString())) {
      for (String id : new String[] {"s1", "s10", "s2"}) {
        call(gateway, "admin", "POST", "/v1/sessions", "{\"id\":\"" + id + "\"}").is(201);
      }
      call(gateway, "viewer", "GET", "/v1/sessions/s1", "").is(200);
      call(gateway, "viewer", "GET", "/v1/sessions/s2", "").isError(404, "session_not_found");
      call(gateway, "viewer", "GET", "/v1/sessions/s2/tail", "").isError(404, "session_not_found");
      call(gateway, "viewer", "POST", "/v1/sessions/s1/append", EVENT).isError(403, "forbidden");
      String list = call(gateway, "viewer", "GET", "/v1/sessions", "").is(200).body();
      assertThat(list)
          .contains("\"s1\"")
          .doesNotContain("s10", "s2")
          .contains("\"next_cursor\":null");
      call(gateway, "wrong", "GET", "/v1/sessions", "").isError(401, "unauthorized");
      gateway.get("/v1/sessions?access_token=viewer").is(200);
      gateway.get("/v1/sessions?limit=1&access%5Ftoken=viewer").is(200);
    }
    Files.writeString(file, "admin session:everything\n");
    assertThatThrownBy(() -> TestGateway.start("--auth-token-file", file.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 1")
        .hasMessageNotContaining("admin");
  }

  @Test
  @DisplayName("tokens are in no log: not of the server, nor of the gateway at debug")
  void neverLogged() throws Exception {
    Path file = Files.writeString(dir.resolve("tokens"), "tOpSeCrEt session:read\n");
    Child child =
        Child.start(
            java.util.List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                "-Dorg.slf4j.simpleLogger.log.ai.starcite=debug",
                "-Dorg.slf4j.simpleLogger.log.io.javalin=debug"),
            "--store",
            "memory:",
            "--auth-token-file",
            file.toString());
    try {
      var http = java.net.http.HttpClient.newHttpClient();
      for (String path : new String[] {"/v1/sessions", "/nothing", "/v1/sessions/x/tail"}) {
        http.send(
            HttpRequest.newBuilder(
                    java.net.URI.create(child.url() + path + "?access_token=tOpSeCrEt"))
                .build(),
            java.net.http.HttpResponse.BodyHandlers.discarding());
      }
    } finally {
      child.stop();
    }
    assertThat(child.output()).contains("Listening").doesNotContain("tOpSeCrEt");
  }

  @Test
  @DisplayName("a name that somebody has point to this machine does not open a local gateway")
  void rebinding() throws Exception {
    String get = "GET /v1/sessions HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
    try (TestGateway gateway = TestGateway.start("--allow-origin", "https://app.example")) {
      int port = gateway.gateway.port();
      for (String host :
          new String[] {"localhost", "LOCALHOST:1", "127.0.0.1:4000", "[::1]:4000"}) {
        assertThat(RawHttp.send(port, get.formatted(host))).as(host).startsWith("HTTP/1.1 200");
      }
      assertThat(RawHttp.send(port, get.formatted("app.example"))).startsWith("HTTP/1.1 200");
      for (String host :
          new String[] {"evil.example", "evil.example:4000", "127.0.0.1.evil.example"}) {
        assertThat(RawHttp.send(port, get.formatted(host)))
            .as(host)
            .startsWith("HTTP/1.1 403")
            .contains("--allow-origin");
        assertThat(RawHttp.send(port, get.formatted(host + "\r\nOrigin: http://" + host)))
            .as(host)
            .startsWith("HTTP/1.1 403");
      }
    }
    try (TestGateway everywhere = TestGateway.start("--host", "0.0.0.0")) {
      assertThat(RawHttp.send(everywhere.gateway.port(), get.formatted("log.example")))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  @DisplayName("pages of other origins are refused, unless they are allowed")
  void origins() {
    try (TestGateway gateway = TestGateway.start("--allow-origin", "https://app.example")) {
      gateway
          .send(gateway.to("/v1/sessions").header("Origin", "https://evil.example"))
          .isError(403, "forbidden");
      gateway.send(gateway.to("/v1/sessions").header("Origin", gateway.gateway.url())).is(200);
      TestGateway.Answer allowed =
          gateway.send(gateway.to("/v1/sessions").header("Origin", "https://app.example")).is(200);
      assertThat(allowed.response().headers().firstValue("Access-Control-Allow-Origin"))
          .hasValue("https://app.example");
      TestGateway.Answer preflight =
          gateway.send(
              gateway
                  .to("/v1/sessions")
                  .header("Origin", "https://app.example")
                  .header("Access-Control-Request-Method", "POST")
                  .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
      preflight.is(204);
      assertThat(preflight.response().headers().firstValue("Access-Control-Allow-Headers").get())
          .contains("Content-Type");
    }
  }
}
