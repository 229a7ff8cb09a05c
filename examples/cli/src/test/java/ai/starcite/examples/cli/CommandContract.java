package ai.starcite.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every command does, wherever the sessions are. */
@Timeout(120)
abstract class CommandContract {
  @TempDir Path work;

  private String id;

  /** The options that say where the sessions are. */
  abstract String[] place();

  Run.Surroundings surroundings() {
    return new Run.Surroundings(work.resolve("home"));
  }

  Run run(String... args) {
    return runIn(surroundings(), args);
  }

  Run runIn(Run.Surroundings surroundings, String... args) {
    return surroundings.run(Stream.of(args, place()).flatMap(Stream::of).toArray(String[]::new));
  }

  /** Runs what has to succeed. */
  Run ok(String... args) {
    return succeeded(run(args));
  }

  static Run succeeded(Run run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run;
  }

  static void assertFails(Run run, int exitCode, String... messageParts) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.err()).startsWith("starcite: ");
    for (String part : messageParts) {
      assertThat(run.err()).contains(part);
    }
    assertThat(run.err().lines()).as("one line").hasSize(1);
  }

  @BeforeEach
  void createSession() {
    id = ok("create", "--title", "Draft contract").out().strip();
  }

  private static String event(int n) {
    return "{\"type\":\"content\",\"payload\":{\"text\":\"line %d\"},\"actor\":\"agent:a\"}\n"
        .formatted(n);
  }

  private static String events(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(CommandContract::event)
        .collect(Collectors.joining());
  }

  @Nested
  class Create {
    @Test
    @DisplayName("create prints the id that it made")
    void makesAnId() {
      assertThat(id).matches("ses_[A-Za-z0-9_-]{16}");
    }

    @Test
    @DisplayName("create takes id, title and metadata, and show has them")
    void takesAllFields() {
      String given = "a/b ../ü " + id;
      Run created =
          ok("create", "--id", given, "--title", "T", "--metadata", "{ \"tenant_id\": \"acme\" }");
      assertThat(created.lines()).containsExactly(given);
      Json shown = Json.parse(ok("show", given, "--json").out());
      assertThat(shown.members())
          .containsEntry("id", Json.encode(given))
          .containsEntry("title", Json.encode("T"))
          .containsEntry("last_seq", Json.encode(0))
          .containsEntry("sealed", Json.encode(false));
      assertThat(shown.members().get("metadata").sameValue(Json.parse("{\"tenant_id\":\"acme\"}")))
          .isTrue();
      assertThat(ok("show", given).lines())
          .anyMatch(line -> line.matches("title: +T"))
          .anyMatch(line -> line.matches("last_seq: +0"));
    }

    @Test
    @DisplayName("create fails with 4 if the id is taken, and with 2 if an option is no good")
    void failures() {
      assertFails(run("create", "--id", id), 4);
      assertFails(run("create", "--id", ""), 2);
      assertFails(run("create", "--metadata", "{"), 2, "--metadata", "invalid JSON");
      assertFails(run("create", "--metadata", "[]"), 2, "metadata");
      assertFails(run("create", "--title", "x".repeat(1025)), 2, "1024");
      assertFails(run("create", "--nonsense"), 2, "--nonsense", "create --help");
    }
  }

  @Nested
  class Append {
    @Test
    @DisplayName("append prints where the event is, and tail prints it")
    void textOfAnAgent() {
      assertThat(ok("append", id, "--agent", "drafter", "--text", "Drafting 4.2…").lines())
          .containsExactly("seq=1 last_seq=1 deduped=false");
      assertThat(ok("append", id, "--agent", "reviewer", "--text", "Approved.").lines())
          .containsExactly("seq=2 last_seq=2 deduped=false");
      assertThat(ok("tail", id, "--no-follow").lines())
          .containsExactly("[drafter] Drafting 4.2…", "[reviewer] Approved.");
    }

    @Test
    @DisplayName("append takes every field of an event, and tail --json has them")
    void everyField() {
      ok("append", id, "--agent", "a", "--text", "first");
      ok(
          "append",
          id,
          "--actor",
          "tool:search",
          "--type",
          "status",
          "--payload",
          "{\"status\": \"ok\"}",
          "--metadata",
          "{\"m\":1}",
          "--refs",
          "{\"to_seq\":1}",
          "--source",
          "s",
          "--idempotency-key",
          "k",
          "--producer-id",
          "p",
          "--producer-seq",
          "7",
          "--expected-seq",
          "1");
      String line = ok("tail", id, "--no-follow", "--cursor", "1", "--json").lines().get(0);
      assertThat(Json.parse(line).members())
          .containsEntry("seq", Json.parse("2"))
          .containsEntry("type", Json.encode("status"))
          .containsEntry("payload", Json.parse("{\"status\": \"ok\"}"))
          .containsEntry("actor", Json.encode("tool:search"))
          .containsEntry("metadata", Json.parse("{\"m\":1}"))
          .containsEntry("refs", Json.parse("{\"to_seq\":1}"))
          .containsEntry("source", Json.encode("s"))
          .containsEntry("idempotency_key", Json.encode("k"))
          .containsEntry("producer_id", Json.encode("p"))
          .containsEntry("producer_seq", Json.parse("7"));
    }

    @Test
    @DisplayName("append of a known producer pair is deduped, other content or a gap fails with 4")
    void producerPairs() {
      String[] one = {"append", id, "--text", "x", "--producer-id", "p", "--producer-seq", "3"};
      ok(one);
      assertThat(ok(one).lines()).containsExactly("seq=1 last_seq=1 deduped=true");
      assertFails(run("append", id, "--text", "y", "--producer-id", "p", "--producer-seq", "3"), 4);
      assertFails(
          run("append", id, "--text", "y", "--producer-id", "p", "--producer-seq", "5"), 4, "4");
      assertThat(ok("append", id, "--text", "y").lines())
          .containsExactly("seq=2 last_seq=2 deduped=false");
    }

    @Test
    @DisplayName("append fails with 4 if --expected-seq does not hold, and the next one works")
    void expectedSeq() {
      assertFails(run("append", id, "--text", "x", "--expected-seq", "5"), 4);
      assertThat(ok("append", id, "--text", "x", "--expected-seq", "0").lines())
          .containsExactly("seq=1 last_seq=1 deduped=false");
      assertFails(run("append", id, "--text", "x", "--expected-seq", "-1"), 2);
    }

    @Test
    @DisplayName("append fails with 3 without a session, with 4 on a sealed one")
    void sessionFailures() {
      assertFails(run("append", "nope", "--text", "x"), 3);
      ok("seal", id);
      assertFails(run("append", id, "--text", "x"), 4, "session");
    }

    @Test
    @DisplayName("append refuses options that do not go together with 2")
    void misuse() {
      assertFails(run("append", id, "--text", "x", "--payload", "{}"), 2, "exclude");
      assertFails(run("append", id, "--agent", "a", "--actor", "b", "--text", "x"), 2, "exclude");
      assertFails(run("append", id, "--text", "x", "--producer-id", "p"), 2, "--producer-seq");
      assertFails(run("append", id, "--text", "x", "--producer-seq", "1"), 2, "--producer-id");
      assertFails(run("append", id, "--agent", "a"), 2, "--text");
      assertFails(run("append", id, "--payload", "[1]"), 2, "payload");
      assertFails(run("append", id, "--payload", "{]"), 2, "--payload");
      assertFails(run("append", id, "--text", "x", "--refs", "{\"to_seq\":0}"), 2, "to_seq");
      assertFails(run("append", id, "--text", "x", "--each"), 2, "--each");
      assertFails(run("append"), 2, "ID");
      assertFails(
          runIn(surroundings().terminals(true, true, true), "append", id), 2, "standard input");
    }

    @Test
    @DisplayName("append stores the lines of standard input in order")
    void standardInput() {
      Run run = succeeded(runIn(surroundings().input(events(1, 500)), "append", id));
      assertThat(run.lines()).containsExactly("events=500 last_seq=500 deduped=0");
      assertThat(ok("tail", id, "--no-follow").lines())
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 500).mapToObj(n -> "[a] line " + n).toList());
    }

    @Test
    @DisplayName("append --each prints a line for each event of standard input")
    void each() {
      Run run = succeeded(runIn(surroundings().input(events(1, 3)), "append", id, "--each"));
      assertThat(run.lines()).hasSize(3).last().isEqualTo("seq=3 last_seq=3 deduped=false");
    }

    @Test
    @DisplayName("append with --producer-id can be run again with the same input")
    void numberedInput() {
      String[] args = {"append", id, "--producer-id", "import-7"};
      succeeded(runIn(surroundings().input(events(1, 40)), args));
      Run again = succeeded(runIn(surroundings().input(events(1, 50)), args));
      assertThat(again.lines()).containsExactly("events=50 last_seq=50 deduped=40");
    }

    @Test
    @DisplayName(
        "append of a bad line fails with 2, keeps those before, and goes on when it is mended")
    void badLine() {
      String input = events(1, 5) + "{\"type\":\"content\"}\n" + events(7, 8);
      assertFails(
          runIn(surroundings().input(input), "append", id),
          2,
          "after 5 events",
          "line 6",
          "payload");
      assertThat(ok("show", id, "--json").out()).contains("\"last_seq\":5");
      Run mended = succeeded(runIn(surroundings().input(events(1, 8)), "append", id));
      assertThat(mended.lines()).containsExactly("events=8 last_seq=8 deduped=5");
      Run other = succeeded(runIn(surroundings().input(events(1, 2)), "append", id));
      assertThat(other.lines())
          .as("a run that ended is over: the same input is new")
          .containsExactly("events=2 last_seq=10 deduped=0");
    }

    @Test
    @DisplayName("append stores nothing of an empty input")
    void emptyInput() {
      assertThat(succeeded(runIn(surroundings().input("\n \n"), "append", id)).lines())
          .containsExactly("events=0 last_seq=0 deduped=0");
    }

    @Test
    @DisplayName("append shows progress on a terminal only")
    void progress() {
      Run run =
          runIn(surroundings().input(events(1, 20)).terminals(false, false, true), "append", id);
      assertThat(run.err()).contains("\r20 events, ").endsWith("/s " + System.lineSeparator());
      assertThat(run.lines()).containsExactly("events=20 last_seq=20 deduped=0");
    }
  }

  @Nested
  class Tail {
    @BeforeEach
    void appendSome() {
      succeeded(
          runIn(
              surroundings()
                  .input(
                      """
                      {"type":"content","payload":{"text":"one"},"actor":"agent:a"}
                      {"type":"message","payload":{"role":"user","text":"two\\nlines"},"actor":"user:u"}
                      {"type":"status","payload":{"status":"\\u001b[2J"},"actor":"agent:b"}
                      {"type":"content","payload":{"text":"four"},"actor":"agent:b"}
                      """),
              "append",
              id));
    }

    @Test
    @DisplayName("tail prints who said what, and lets nobody forge a line or command the terminal")
    void text() {
      assertThat(ok("tail", id, "--no-follow").lines())
          .containsExactly(
              "[a] one",
              "[user:u] two",
              "  lines",
              "[b] status {\"status\":\"\\u001b[2J\"}",
              "[b] four");
    }

    @Test
    @DisplayName("tail starts behind the cursor, filters by agent and type, and ends at the limit")
    void options() {
      assertThat(ok("tail", id, "--no-follow", "--cursor", "3").lines())
          .containsExactly("[b] four");
      assertThat(ok("tail", id, "--no-follow", "--agent", "b", "--type", "content").lines())
          .containsExactly("[b] four");
      assertThat(ok("tail", id, "--no-follow", "--agent", "a", "--agent", "b").lines()).hasSize(3);
      assertThat(ok("tail", id, "--limit", "2", "--type", "content").lines())
          .containsExactly("[a] one", "[b] four");
      assertThat(ok("tail", id, "--no-follow", "--cursor", "4").lines()).isEmpty();
    }

    @Test
    @DisplayName("tail of a sealed session completes")
    void sealed() {
      ok("seal", id);
      assertThat(ok("tail", id).lines()).hasSize(5);
    }

    @Test
    @DisplayName("tail fails with 3 without a session, 4 with a cursor ahead, 2 with a bad option")
    void failures() {
      assertFails(run("tail", "nope"), 3);
      assertFails(run("tail", id, "--cursor", "9"), 4, "cursor");
      assertFails(run("tail", id, "--cursor", "-1"), 2, "cursor");
      assertFails(run("tail", id, "--limit", "0"), 2, "limit");
      assertFails(run("tail", id, "--cursor", "x"), 2, "--cursor");
    }

    @Test
    @DisplayName("tail has colours on a terminal, and none if NO_COLOR is set")
    void colours() {
      String[] args = {"tail", id, "--no-follow"};
      assertThat(runIn(surroundings().terminals(true, true, true), args).out()).contains("\u001b[");
      assertThat(
              runIn(surroundings().terminals(true, true, true).with("NO_COLOR", "1"), args).out())
          .doesNotContain("\u001b[");
    }
  }

  @Nested
  class Sessions {
    @Test
    @DisplayName("sessions list pages through ids, and filters")
    void list() {
      String prefix = "list_" + id + "_";
      for (String name : new String[] {"a", "b", "c"}) {
        ok("create", "--id", prefix + name, "--metadata", "{\"n\":\"" + name + "\"}");
      }
      ok("archive", prefix + "b");
      assertThat(ids("--prefix", prefix)).containsExactly(prefix + "a", prefix + "c");
      assertThat(ids("--prefix", prefix, "--archived", "true")).containsExactly(prefix + "b");
      assertThat(ids("--prefix", prefix, "--archived", "all")).hasSize(3);
      assertThat(ids("--prefix", prefix, "--after", prefix + "a")).containsExactly(prefix + "c");
      assertThat(ids("--prefix", prefix, "--limit", "1")).containsExactly(prefix + "a");
      assertThat(ids("--prefix", prefix, "--where", "n=c")).containsExactly(prefix + "c");
      assertThat(ok("sessions", "list", "--prefix", prefix + "a").lines())
          .singleElement()
          .asString()
          .startsWith(prefix + "a  2");
      ok("unarchive", prefix + "b");
      assertThat(ids("--prefix", prefix)).hasSize(3);
    }

    private java.util.List<String> ids(String... options) {
      String[] args =
          Stream.of(new String[] {"sessions", "list", "--json"}, options)
              .flatMap(Stream::of)
              .toArray(String[]::new);
      return ok(args).lines().stream()
          .map(line -> Json.parse(line).members().get("id").as(String.class))
          .toList();
    }

    @Test
    @DisplayName("sessions and its list refuse bad options with 2")
    void misuse() {
      assertFails(run("sessions", "list", "--limit", "0"), 2, "limit");
      assertFails(run("sessions", "list", "--archived", "maybe"), 2, "--archived");
      assertFails(run("sessions"), 2, "command");
    }

    @Test
    @DisplayName("seal, archive, unarchive, show and delete fail with 3 without a session")
    void notFound() {
      for (String command : new String[] {"seal", "archive", "unarchive", "show", "delete"}) {
        assertFails(run(command, "nope"), 3);
        assertFails(run(command), 2, "ID");
      }
    }

    @Test
    @DisplayName("delete erases a session; one made anew takes appends again")
    void delete() {
      ok("append", id, "--text", "old");
      ok("delete", id);
      assertFails(run("show", id), 3);
      ok("create", "--id", id);
      assertThat(ok("append", id, "--text", "new").lines())
          .containsExactly("seq=1 last_seq=1 deduped=false");
    }
  }

  @Test
  @DisplayName("export and import carry a session over byte for byte")
  void exportAndImport() {
    succeeded(runIn(surroundings().input(events(1, 30)), "append", id));
    ok("append", id, "--agent", "a", "--payload", "{\n \"x\": 1.0,\r\n \"y\":\"ü\"}");
    ok("seal", id);
    ok("archive", id);
    String exported = ok("export", id).out();
    assertThat(exported.lines()).hasSize(33);
    Run.Surroundings elsewhere = surroundings().input(exported);
    String other = work.resolve("imported").toString();
    assertThat(succeeded(elsewhere.run("import", "--data", other)).lines())
        .containsExactly("sessions=1 events=31 there_already=0");
    assertThat(succeeded(elsewhere.run("import", "--data", other)).lines())
        .containsExactly("sessions=1 events=31 there_already=31");
    assertThat(withoutTimes(succeeded(surroundings().run("export", "--data", other)).out()))
        .isEqualTo(withoutTimes(exported));
    assertFails(run("export", "nope"), 3);
  }

  static String withoutTimes(String export) {
    return export.replaceAll(",\"inserted_at\":\"[^\"]*\"", "");
  }

  @Test
  @DisplayName("bench measures, and leaves nothing behind")
  void bench() {
    Run run = ok("bench", "--events", "200", "--single", "20", "--size", "50");
    assertThat(run.lines()).hasSize(4).last().asString().startsWith("tail from the start");
    assertThat(ok("sessions", "list", "--prefix", "bench_", "--archived", "all").lines()).isEmpty();
    assertFails(run("bench", "--events", "0"), 2);
  }
}
