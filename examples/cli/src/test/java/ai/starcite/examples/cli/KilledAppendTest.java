package ai.starcite.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.examples.cli.LossyProxy.Appends;
import ai.starcite.examples.cli.console.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An append that was killed between send and answer")
@Timeout(120)
class KilledAppendTest {
  @TempDir static Path store;
  private static GatewayProcess gateway;

  @TempDir Path work;
  private LossyProxy proxy;
  private String id;

  @BeforeAll
  static void startGateway() {
    gateway = GatewayProcess.start(store.resolve("sessions"), 0);
  }

  @AfterAll
  static void stopGateway() {
    gateway.close();
  }

  @BeforeEach
  void startProxy() throws IOException {
    proxy = new LossyProxy(gateway.port());
    id = run("", "create").out().strip();
  }

  @AfterEach
  void stopProxy() throws IOException {
    proxy.close();
  }

  private Run run(String input, String... args) {
    Run run =
        new Run.Surroundings(work.resolve("home"))
            .with("STARCITE_URL", proxy.url())
            .input(input)
            .run(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private List<String> said() {
    return run("", "tail", id, "--no-follow").lines();
  }

  private void killWhileSending(Appends what, int after, String input, String... args)
      throws Exception {
    proxy.lose(what, after);
    try (ChildProcess child =
        ChildProcess.start(
            ChildProcess.java(List.of(), Starcite.class.getName(), args),
            java.util.Map.of(
                "STARCITE_HOME", work.resolve("home").toString(), "STARCITE_URL", proxy.url()))) {
      try (OutputStream in = child.process().getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      proxy.awaitLoss();
      child.kill();
    }
    proxy.pass();
  }

  @Test
  @DisplayName("is known when it is run again, if it had been stored")
  void answerLost() throws Exception {
    String[] append = {"append", id, "--agent", "a", "--text", "once"};
    killWhileSending(Appends.LOSE_ANSWER, 0, "", append);
    assertThat(run("", append).lines()).containsExactly("seq=1 last_seq=1 deduped=true");
    assertThat(said()).containsExactly("[a] once");
    assertThat(run("", append).lines())
        .as("run a third time it is meant")
        .containsExactly("seq=2 last_seq=2 deduped=false");
  }

  @Test
  @DisplayName("is stored when it is run again, if it had not been")
  void requestLost() throws Exception {
    String[] append = {"append", id, "--agent", "a", "--text", "once", "--expected-seq", "0"};
    killWhileSending(Appends.LOSE_REQUEST, 0, "", append);
    assertThat(said()).isEmpty();
    run("", append);
    assertThat(said()).containsExactly("[a] once");
  }

  @Test
  @DisplayName("is settled by the next run of another event, and neither is stored twice or wedged")
  void anotherEvent() throws Exception {
    run("", "append", id, "--agent", "a", "--text", "zero");
    killWhileSending(Appends.LOSE_REQUEST, 0, "", "append", id, "--agent", "a", "--text", "one");
    Run next = run("", "append", id, "--agent", "a", "--text", "two");
    assertThat(next.err()).contains("settled what an earlier run left under way");
    run("", "append", id, "--agent", "a", "--text", "three");
    assertThat(said()).containsExactly("[a] zero", "[a] one", "[a] two", "[a] three");
  }

  @Test
  @DisplayName("says nothing about the next life of its session")
  void anotherLife() throws Exception {
    killWhileSending(Appends.LOSE_REQUEST, 0, "", "append", id, "--agent", "a", "--text", "old");
    run("", "delete", id);
    run("", "create", "--id", id);
    run("", "append", id, "--agent", "a", "--text", "new");
    assertThat(said()).containsExactly("[a] new");
  }

  @Test
  @DisplayName("goes on within a stream when it is run again with the same stream")
  void stream() throws Exception {
    String input =
        IntStream.rangeClosed(1, 300)
            .mapToObj(n -> "{\"type\":\"content\",\"payload\":{\"text\":\"%d\"}}\n".formatted(n))
            .collect(Collectors.joining());
    for (int after : new int[] {0, 40, 130}) {
      killWhileSending(Appends.LOSE_ANSWER, after, input, "append", id);
    }
    assertThat(run(input, "append", id).out()).startsWith("events=300 last_seq=300 deduped=");
    assertThat(run("", "tail", id, "--no-follow").lines())
        .hasSize(300)
        .first()
        .asString()
        .startsWith("[");
    assertThat(run("", "tail", id, "--no-follow", "--json").lines())
        .extracting(line -> line.replaceAll(".*\"text\":\"(\\d+)\".*", "$1"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 300).mapToObj(Integer::toString).toList());
  }

  @Test
  @DisplayName("is tried again by itself while the process lives, with one event in the end")
  void triedAgain() throws Exception {
    proxy.lose(Appends.LOSE_ANSWER, 0);
    Run timedOut =
        new Run.Surroundings(work.resolve("home"))
            .with("STARCITE_URL", proxy.url())
            .run("append", id, "--agent", "a", "--text", "once", "--timeout", "1");
    assertThat(timedOut.exitCode()).isEqualTo(ExitCode.UNKNOWN);
    assertThat(timedOut.err()).contains("run the same command again");
    proxy.pass();
    assertThat(run("", "append", id, "--agent", "a", "--text", "once").lines())
        .containsExactly("seq=1 last_seq=1 deduped=true");
  }

  @Test
  @DisplayName("with --expected-seq is not stored later, when that does not hold any more")
  void conditionGone() throws Exception {
    String[] append = {"append", id, "--agent", "a", "--text", "first", "--expected-seq", "0"};
    killWhileSending(Appends.LOSE_REQUEST, 0, "", append);
    run("", "append", id, "--text", "other", "--producer-id", "p", "--producer-seq", "1");
    Run again =
        new Run.Surroundings(work.resolve("home")).with("STARCITE_URL", proxy.url()).run(append);
    CommandContract.assertFails(again, ExitCode.CONFLICT, "expected");
    run("", "append", id, "--agent", "a", "--text", "next");
    assertThat(said()).containsExactly("[anonymous] other", "[a] next");
  }
}
