package ai.starcite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.SessionQuery.Visibility;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Options and requests are values. */
class OptionsTest {
  private static final Json X = Json.parse("{\"x\":1}");

  /** The kinds, each with ways to make values that all differ, and how they are described. */
  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of("APP-5", appends()),
        Arguments.of("TAIL-1", tails()),
        Arguments.of("SES-6", queries()),
        Arguments.of("SES-1", newSessions()),
        Arguments.of("SES-4", updates()));
  }

  private record Way(Supplier<Object> make, String description) {}

  private static List<Way> appends() {
    return List.of(
        new Way(
            AppendOptions::defaults,
            "AppendOptions[expectedSeq=any, seal=false, timeout=null, incarnation=null]"),
        new Way(
            () -> AppendOptions.defaults().withExpectedSeq(0),
            "AppendOptions[expectedSeq=0, seal=false, timeout=null, incarnation=null]"),
        new Way(
            () -> AppendOptions.defaults().withSeal(),
            "AppendOptions[expectedSeq=any, seal=true, timeout=null, incarnation=null]"),
        new Way(
            () -> AppendOptions.defaults().withTimeout(Duration.ofSeconds(2)),
            "AppendOptions[expectedSeq=any, seal=false, timeout=PT2S, incarnation=null]"),
        new Way(
            () -> AppendOptions.defaults().withIncarnation("i"),
            "AppendOptions[expectedSeq=any, seal=false, timeout=null, incarnation=i]"),
        new Way(
            () ->
                AppendOptions.defaults()
                    .withIncarnation("i")
                    .withTimeout(Duration.ofSeconds(2))
                    .withSeal()
                    .withExpectedSeq(7),
            "AppendOptions[expectedSeq=7, seal=true, timeout=PT2S, incarnation=i]"));
  }

  private static List<Way> tails() {
    String rest = "actors=[], types=[], producers=[], limit=none, follow=true, incarnation=null]";
    return List.of(
        new Way(() -> TailOptions.from(3), "TailOptions[start=After[seq=3], " + rest),
        new Way(() -> TailOptions.fromLatest(3), "TailOptions[start=Latest[events=3], " + rest),
        new Way(
            () -> TailOptions.fromTime(Instant.EPOCH),
            "TailOptions[start=AtTime[time=1970-01-01T00:00:00Z], " + rest),
        new Way(
            () -> TailOptions.from(Cursor.of(3, "i")),
            "TailOptions[start=After[seq=3], " + rest.replace("incarnation=null", "incarnation=i")),
        new Way(
            () -> TailOptions.from(3).withAgents("a"),
            "TailOptions[start=After[seq=3], " + rest.replace("actors=[]", "actors=[agent:a]")),
        new Way(
            () -> TailOptions.from(3).withActors("a"),
            "TailOptions[start=After[seq=3], " + rest.replace("actors=[]", "actors=[a]")),
        new Way(
            () -> TailOptions.from(3).withTypes("a"),
            "TailOptions[start=After[seq=3], " + rest.replace("types=[]", "types=[a]")),
        new Way(
            () -> TailOptions.from(3).withProducers("a"),
            "TailOptions[start=After[seq=3], " + rest.replace("producers=[]", "producers=[a]")),
        new Way(
            () -> TailOptions.from(3).withLimit(2),
            "TailOptions[start=After[seq=3], " + rest.replace("limit=none", "limit=2")),
        new Way(
            () -> TailOptions.from(3).withoutFollowing(),
            "TailOptions[start=After[seq=3], " + rest.replace("follow=true", "follow=false")));
  }

  private static List<Way> queries() {
    return List.of(
        new Way(
            SessionQuery::active,
            "SessionQuery[prefix=, after=null, limit=100, visibility=ACTIVE, metadata={}]"),
        new Way(
            () -> SessionQuery.everything(),
            "SessionQuery[prefix=, after=null, limit=100, visibility=ALL, metadata={}]"),
        new Way(
            () -> SessionQuery.active().withVisibility(Visibility.ARCHIVED),
            "SessionQuery[prefix=, after=null, limit=100, visibility=ARCHIVED, metadata={}]"),
        new Way(
            () -> SessionQuery.active().withPrefix("p"),
            "SessionQuery[prefix=p, after=null, limit=100, visibility=ACTIVE, metadata={}]"),
        new Way(
            () -> SessionQuery.active().withAfter("s"),
            "SessionQuery[prefix=, after=s, limit=100, visibility=ACTIVE, metadata={}]"),
        new Way(
            () -> SessionQuery.active().withLimit(5),
            "SessionQuery[prefix=, after=null, limit=5, visibility=ACTIVE, metadata={}]"),
        new Way(
            () -> SessionQuery.active().withMetadata("k", "v"),
            "SessionQuery[prefix=, after=null, limit=100, visibility=ACTIVE,"
                + " metadata={k=\"v\"}]"));
  }

  private static List<Way> newSessions() {
    return List.of(
        new Way(NewSession::defaults, "NewSession[id=null, title=null, metadata={}]"),
        new Way(() -> NewSession.ofId("s"), "NewSession[id=s, title=null, metadata={}]"),
        new Way(() -> NewSession.titled("s"), "NewSession[id=null, title=s, metadata={}]"),
        new Way(
            () -> NewSession.defaults().withMetadata(X),
            "NewSession[id=null, title=null, metadata={\"x\":1}]"),
        new Way(
            () -> NewSession.titled("t").withId("s").withMetadata(X),
            "NewSession[id=s, title=t, metadata={\"x\":1}]"));
  }

  private static List<Way> updates() {
    return List.of(
        new Way(
            SessionUpdate::defaults,
            "SessionUpdate[title=null, metadata=null, expectedVersion=any]"),
        new Way(
            () -> SessionUpdate.defaults().withTitle("t"),
            "SessionUpdate[title=t, metadata=null, expectedVersion=any]"),
        new Way(
            () -> SessionUpdate.defaults().withMetadata(X),
            "SessionUpdate[title=null, metadata={\"x\":1}, expectedVersion=any]"),
        new Way(
            () -> SessionUpdate.defaults().withExpectedVersion(2),
            "SessionUpdate[title=null, metadata=null, expectedVersion=2]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("APP-5, TAIL-1, SES-6, SES-1, SES-4: options are equal if all their settings are")
  void values(String clause, List<Way> ways) {
    List<Object> seen = new ArrayList<>();
    for (Way way : ways) {
      Object value = way.make().get();
      assertThat(value)
          .isEqualTo(way.make().get())
          .hasSameHashCodeAs(way.make().get())
          .hasToString(way.description())
          .isNotEqualTo(null)
          .isNotEqualTo(way.description());
      assertThat(seen).as("different settings").doesNotContain(value);
      seen.add(value);
    }
  }
}
