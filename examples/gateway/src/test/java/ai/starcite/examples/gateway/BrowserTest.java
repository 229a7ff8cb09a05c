package ai.starcite.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.chat.Transcript;
import ai.starcite.chat.TranscriptEntry;
import ai.starcite.chat.TranscriptEntry.MessageEntry;
import ai.starcite.chat.TranscriptEntry.ThinkingEntry;
import ai.starcite.chat.TranscriptEntry.ToolEntry;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WindowType;

@DisplayName("The page, in a browser")
class BrowserTest {
  @TempDir(cleanup = CleanupMode.NEVER)
  Path dir;

  private Browser browser;

  @BeforeEach
  void start() {
    browser = Browser.start(dir.resolve("profile"));
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  private void awaitSeqs(long last) {
    Eventually.until(() -> browser.seqs().size() >= last);
    assertThat(browser.seqs()).isEqualTo(upTo(last));
  }

  /** A writer that appends at the pace of streamed tokens until it is told to stop. */
  private static CompletableFuture<Long> write(TestGateway gateway, AtomicBoolean stop) {
    return CompletableFuture.supplyAsync(
        () -> {
          long seq = 0;
          while (!stop.get()) {
            gateway.append("s", "writer", ++seq).is(201);
            // A page on a busy machine must be able to keep up.
            LockSupport.parkNanos(5_000_000);
          }
          return seq;
        },
        task -> new Thread(task).start());
  }

  @Test
  @DisplayName("refreshes in the middle of a stream lose and repeat nothing")
  void refresh() throws Exception {
    try (TestGateway gateway = TestGateway.start()) {
      gateway.create("s");
      browser.open(gateway.gateway.url() + "/#s");
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Long> writer = write(gateway, stop);
      for (int i = 0; i < 4; i++) {
        int seen = browser.seqs().size();
        Eventually.until(() -> browser.seqs().size() > seen + 20);
        browser.driver.navigate().refresh();
      }
      stop.set(true);

      awaitSeqs(writer.get(30, TimeUnit.SECONDS));
      assertThat((String) browser.script("return sessionStorage.getItem('starcite.transcript.s')"))
          .contains("\"cursor\":");
    }
  }

  @Test
  @DisplayName("two tabs side by side show the same events in the same order")
  void tabs() throws Exception {
    try (TestGateway gateway = TestGateway.start()) {
      gateway.create("s");
      browser.open(gateway.gateway.url() + "/#s");
      String first = browser.driver.getWindowHandle();
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Long> writer = write(gateway, stop);
      Eventually.until(() -> browser.seqs().size() > 20);
      browser.driver.switchTo().newWindow(WindowType.TAB);
      browser.open(gateway.gateway.url() + "/#s");
      Eventually.until(() -> browser.seqs().size() > 40);
      stop.set(true);
      long last = writer.get(30, TimeUnit.SECONDS);

      awaitSeqs(last);
      browser.driver.switchTo().window(first);
      awaitSeqs(last);
    }
  }

  @Test
  @DisplayName("a server that is killed and started again under an open page costs nothing")
  void restart() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String[] args = {"--port", String.valueOf(port), "--store", "rocksdb:" + dir.resolve("data")};
    HttpClient http = HttpClient.newHttpClient();
    Child server = Child.start(List.of(), args);
    try {
      post(http, server.url() + "/v1/sessions", "{\"id\":\"s\"}");
      browser.open(server.url() + "/#s");
      for (int seq = 1; seq <= 30; seq++) {
        append(http, server.url(), seq);
      }
      awaitSeqs(30);
      server.kill();
      Eventually.until(() -> browser.state().equals("reconnecting"));
      server = Child.start(List.of(), args);
      for (int seq = 31; seq <= 60; seq++) {
        append(http, server.url(), seq);
      }

      awaitSeqs(60);
      assertThat(browser.state()).isEqualTo("live");
      assertThat(server.stop()).isEqualTo(143);
      Eventually.until(() -> browser.state().equals("reconnecting"));
      server = Child.start(List.of(), args);
      append(http, server.url(), 61);
      awaitSeqs(61);
    } finally {
      server.kill();
    }
  }

  private static void append(HttpClient http, String url, int seq) throws Exception {
    post(
        http,
        url + "/v1/sessions/s/append",
        "{\"type\":\"content\",\"payload\":{\"text\":\"%d\"},\"producer_id\":\"p\",\"producer_seq\":%d}"
            .formatted(seq, seq));
  }

  private static void post(HttpClient http, String url, String json) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  /** Events of all types, in all states, some of them not in the shape of their type. */
  private static final String[] EVENTS = {
    "'type':'message','payload':{'role':'user','text':'<img src=x"
        + " onerror=alert(1)>'},'actor':'user:u'",
    "'type':'text_delta','payload':{'message_id':'m','text':'Hel'},'actor':'agent:a'",
    "'type':'text_delta','payload':{'message_id':'m','text':'other'},'actor':'agent:b'",
    "'type':'text_delta','payload':{'message_id':'m','text':'lo'},'actor':'agent:a'",
    "'type':'thinking','payload':{'message_id':'m','text':'hm '},'actor':'agent:a'",
    "'type':'thinking','payload':{'message_id':'m','text':'hm'},'actor':'agent:a'",
    "'type':'thinking','payload':{'text':'alone'},'actor':'agent:a'",
    "'type':'tool_result','payload':{'call_id':'early','result':null},'actor':'tool:t'",
    "'type':'tool_call','payload':{'call_id':'c','name':'search','arguments':{'q':'tea'}},'actor':'agent:a'",
    "'type':'tool_call','payload':{'call_id':'early','name':'n','arguments':null},'actor':'agent:b'",
    "'type':'tool_result','payload':{'call_id':'c','result':[1],'is_error':true},'actor':'tool:t'",
    "'type':'tool_call','payload':{'call_id':'c','name':'again','arguments':{}},'actor':'agent:a'",
    "'type':'message','payload':{'role':'assistant','text':'Hello.','message_id':'m'},'actor':'agent:a'",
    "'type':'text_delta','payload':{'message_id':'m','text':'late'},'actor':'agent:a'",
    "'type':'error','payload':{'message':'broke','message_id':'m'},'actor':'agent:b'",
    "'type':'content','payload':{'text':'old'},'actor':'system'",
    "'type':'status','payload':{'status':'running','detail':'x'},'actor':'agent:a'",
    "'type':'handoff','payload':{'from':'a','to':'b'},'actor':'agent:a'",
    "'type':'checkpoint','payload':{'name':'done'},'actor':'agent:b'",
    "'type':'artifact','payload':{'name':'f','uri':'javascript:alert(1)'},'actor':'agent:b'",
    "'type':'message','payload':{'text':5},'actor':'agent:b'",
    "'type':'constructor','payload':{},'actor':'agent:b'",
  };

  @Test
  @DisplayName("it folds events as the library does, and shows them as text, never as HTML")
  void folds() throws Exception {
    try (TestGateway gateway = TestGateway.start()) {
      gateway.create("s");
      for (int i = 0; i < EVENTS.length; i++) {
        gateway
            .post(
                "/v1/sessions/s/append",
                "{%s,\"producer_id\":\"p\",\"producer_seq\":%d}"
                    .formatted(EVENTS[i].replace('\'', '"'), i + 1))
            .is(201);
      }
      JsonNode page = gateway.get("/v1/sessions/s/tail").json();
      Transcript transcript = new Transcript();
      for (JsonNode event : page.path("events")) {
        transcript.apply(Event.fromJson(Json.parse(event.toString())));
      }
      List<String> expected = transcript.entries().stream().map(BrowserTest::summary).toList();
      browser.open(gateway.gateway.url() + "/#s");
      Eventually.until(() -> browser.seqs().size() == expected.size());

      Object folded =
          browser.driver.executeAsyncScript(
              """
              const done = arguments[arguments.length - 1];
              Promise.all([
                import("/transcript.js"),
                fetch("/v1/sessions/s/tail?limit=1000").then((r) => r.json()),
              ]).then(([{ Transcript }, page]) => {
                const half = new Transcript();
                page.events.slice(0, 6).forEach((e) => half.apply(e));
                const whole = new Transcript(JSON.parse(JSON.stringify(half)));
                page.events.forEach((e) => whole.apply(e));
                done(whole.entries.map((e) => [e.kind, e.firstSeq, e.lastSeq, e.actor ?? "none",
                  e.kind === "message" ? `${e.role} ${e.state} ${e.text}`
                    : e.kind === "thinking" ? e.text
                    : e.kind === "tool"
                      ? `${e.name} ${e.results.map((r) => JSON.stringify(r.value) + r.isError)}`
                      : ""].join("|")));
              }, (e) => done(String(e)));
              """);
      assertThat(folded).isEqualTo(expected);
      assertThat(browser.text("transcript")).contains("<img src=x onerror=alert(1)>");
      assertThat(browser.driver.findElements(By.cssSelector("#transcript img, #transcript a")))
          .isEmpty();
    }
  }

  private static String summary(TranscriptEntry entry) {
    String kind = entry.getClass().getSimpleName().replace("Entry", "").toLowerCase();
    String more = "";
    if (entry instanceof MessageEntry message) {
      more = message.role() + " " + message.state().name().toLowerCase() + " " + message.text();
    } else if (entry instanceof ThinkingEntry thinking) {
      more = thinking.text();
    } else if (entry instanceof ToolEntry tool) {
      more =
          tool.name()
              + " "
              + String.join(
                  ",",
                  tool.results().stream()
                      .map(result -> result.value() + String.valueOf(result.isError()))
                      .toList());
    }
    return String.join(
        "|",
        kind,
        String.valueOf(entry.firstSeq()),
        String.valueOf(entry.lastSeq()),
        entry.actor() == null ? "none" : entry.actor(),
        more);
  }

  @Test
  @DisplayName("a session is created, appended to once, and shown by one agent, with the keyboard")
  void writes() {
    try (TestGateway gateway = TestGateway.start()) {
      browser.open(gateway.gateway.url());
      browser.driver.findElement(By.id("new-session")).click();
      browser.driver.findElement(By.id("new-name")).sendKeys("Made here\n");
      Eventually.until(() -> browser.state().equals("live"));
      assertThat(browser.text("title")).isEqualTo("Made here");
      browser.driver.findElement(By.id("message")).sendKeys("Hello\n");
      awaitSeqs(1);
      String id = browser.text("session-id");
      gateway.append(id, "drafter", 1).is(201);
      awaitSeqs(2);
      browser.driver.findElement(By.cssSelector("[data-agent='agent:drafter']")).click();

      assertThat(
              browser.driver.findElements(By.cssSelector(".entry:not([hidden])")).stream()
                  .map(element -> element.getDomAttribute("data-first-seq")))
          .containsExactly("2");
      browser.driver.navigate().refresh();
      awaitSeqs(2);
      assertThat(gateway.get("/v1/sessions/" + id + "/tail").json().path("events")).hasSize(2);
    }
  }

  @Test
  @DisplayName("it fits a wide and a narrow screen, light and dark")
  void fits() {
    try (TestGateway gateway = TestGateway.start()) {
      gateway.create("s");
      for (int i = 1; i <= 3; i++) {
        gateway.append("s", "an-agent-with-a-rather-long-name-" + i, 1).is(201);
      }
      for (int width : new int[] {1280, 390}) {
        for (String scheme : new String[] {"light", "dark"}) {
          browser.driver.executeCdpCommand(
              "Emulation.setDeviceMetricsOverride",
              java.util.Map.of(
                  "width", width, "height", 844, "deviceScaleFactor", 1, "mobile", false));
          browser.driver.executeCdpCommand(
              "Emulation.setEmulatedMedia",
              java.util.Map.of(
                  "features",
                  List.of(java.util.Map.of("name", "prefers-color-scheme", "value", scheme))));
          browser.open("about:blank");
          browser.open(gateway.gateway.url() + "/#s");
          awaitSeqs(3);
          assertThat(browser.script("return document.documentElement.scrollWidth"))
              .isEqualTo((long) width);
          String background =
              (String) browser.script("return getComputedStyle(document.body).backgroundColor");
          assertThat(background.startsWith("rgb(2")).isEqualTo(scheme.equals("light"));
        }
      }
    }
  }
}
