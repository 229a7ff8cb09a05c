package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionUpdate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a log merges the changes of a session, whatever the store. */
@OverMemory
class SessionUpdateTest extends LogFixture {
  private final DrivenClock clock = new DrivenClock("2026-01-31T12:00:00Z");

  private Session create(String metadata) {
    settings(builder -> builder.clock(clock));
    return log().create(NewSession.ofId("s").withTitle("title").withMetadata(Json.parse(metadata)));
  }

  private Json merged(String metadata, String changes) {
    create(metadata);
    Session updated = log().update("s", metadata(changes));
    assertThat(log().get("s")).isEqualTo(updated);
    return updated.metadata();
  }

  private static SessionUpdate metadata(String changes) {
    return SessionUpdate.defaults().withMetadata(Json.parse(changes));
  }

  @Test
  @DisplayName("SES-4: metadata is merged one level deep, and null removes a key")
  void mergesMetadata() {
    Json merged =
        merged(
            "{\"keep\":1,\"drop\":2,\"deep\":{\"a\":1,\"b\":2}}",
            "{\"drop\": null ,\"deep\":{\"c\":null},\"absent\":null,\"new\":[null]}");
    assertThat(merged.sameValue(Json.parse("{\"keep\":1,\"deep\":{\"c\":null},\"new\":[null]}")))
        .as("%s", merged)
        .isTrue();
    assertThat(log().get("s").title()).contains("title");
  }

  @Test
  @DisplayName("SES-4: values that a merge keeps or sets are not rewritten")
  void mergeKeepsBytes() {
    Json merged =
        merged(
            "{\"a\":1e400,\"b\":\"\\u00e9\\/\"}",
            "{\"c\":1.0,\"d\":-0.0,\"\":12345678901234567890}");
    assertThat(merged.members())
        .containsEntry("a", Json.parse("1e400"))
        .containsEntry("b", Json.parse("\"\\u00e9\\/\""))
        .containsEntry("c", Json.parse("1.0"))
        .containsEntry("d", Json.parse("-0.0"))
        .containsEntry("", Json.parse("12345678901234567890"))
        .hasSize(5);
  }

  @Test
  @DisplayName("SES-4: the limit of 64 KiB is for the merged result")
  void limitOfMerged() {
    String half = "x".repeat(40_000);
    create("{\"a\":\"" + half + "\"}");
    failure(Code.INVALID, () -> log().update("s", metadata("{\"b\":\"" + half + "\"}")));
    assertThat(log().get("s").version()).isEqualTo(1);
    assertThat(log().get("s").metadata().members()).containsOnlyKeys("a");
    log().update("s", metadata("{\"a\":null,\"b\":\"" + half + "\"}"));
    assertThat(log().get("s").metadata().members()).containsOnlyKeys("b");
  }

  @Test
  @DisplayName("SES-4: a change that is larger than 64 KiB passes if the merged result is smaller")
  void limitIsNotForTheChange() {
    StringBuilder full = new StringBuilder("{");
    StringBuilder removal = new StringBuilder("{");
    for (int i = 0; i < 6_500; i++) {
      String separator = i == 0 ? "" : ",";
      full.append(separator).append("\"k%04d\":1".formatted(i));
      removal.append(separator).append("\"k%04d\":null".formatted(i));
    }
    create(full + "}");
    Session after = log().update("s", metadata(removal + "}"));
    assertThat(after.metadata()).isEqualTo(Json.parse("{}"));
  }

  @Test
  @DisplayName("SES-4: updated_at and version change with every change, and never with append")
  void versionAndUpdatedAt() {
    Session created = create("{}");
    clock.move(Duration.ofSeconds(1));
    log().append("s", event("one"));
    log().appendAll("s", List.of(event("two"), event("three")));
    assertThat(log().get("s").updatedAt()).isEqualTo(created.updatedAt());
    assertThat(log().get("s").version()).isEqualTo(1);
    List<Call> changes =
        Call.ofSession().stream()
            .filter(call -> List.of("update", "archive", "unarchive", "seal").contains(call.name()))
            .toList();
    long version = 1;
    for (Call change : changes) {
      clock.move(Duration.ofSeconds(1));
      assertThat(change).satisfies(call -> call.on().run(log(), "s"));
      assertThat(log().get("s").version()).as(change.name()).isEqualTo(++version);
      assertThat(log().get("s").updatedAt()).as(change.name()).isEqualTo(clock.instant());
    }
    assertThat(version).isEqualTo(5);
  }

  @Test
  @DisplayName("SES-5: archiving and unarchiving twice succeeds and changes nothing")
  void archiveTwice() {
    create("{}");
    Session archived = log().archive("s");
    assertThat(log().archive("s")).isEqualTo(archived);
    Session unarchived = log().unarchive("s");
    assertThat(log().unarchive("s")).isEqualTo(unarchived);
    assertThat(unarchived.version()).isEqualTo(3);
  }

  @Test
  @DisplayName("SES-4: expected_version must match, else VERSION_CONFLICT names the current one")
  void expectedVersion() {
    create("{}");
    SessionUpdate second = SessionUpdate.defaults().withTitle("x").withExpectedVersion(1);
    assertThat(log().update("s", second).version()).isEqualTo(2);
    for (long wrong : new long[] {0, 1, 3, Long.MAX_VALUE}) {
      SessionLogException failure =
          failure(
              Code.VERSION_CONFLICT,
              () -> log().update("s", SessionUpdate.defaults().withExpectedVersion(wrong)));
      assertThat(failure.currentVersion()).hasValue(2);
      assertThat(failure).hasMessageContaining("2");
    }
    assertThat(log().get("s").version()).isEqualTo(2);
    assertThat(reopen().update("s", second.withExpectedVersion(2)).version()).isEqualTo(3);
  }

  @Test
  @DisplayName("SES-4: of concurrent updates that expect one version, exactly one passes")
  void concurrentExpectedVersion() throws Exception {
    requireNoFaults(
        "an update whose outcome is unknown, and which another one follows, ends as"
            + " OUTCOME_UNKNOWN");
    create("{}");
    for (int round : Rounds.upTo(30)) {
      SessionUpdate update = SessionUpdate.defaults().withExpectedVersion(round + 1);
      List<Object> outcomes =
          AtOnce.run(
              4,
              thread -> {
                try {
                  return log().update("s", update.withTitle("by " + thread));
                } catch (SessionLogException e) {
                  return e.code();
                }
              });
      assertThat(outcomes).filteredOn(Session.class::isInstance).containsExactly(log().get("s"));
      assertThat(outcomes).filteredOn(Code.VERSION_CONFLICT::equals).hasSize(3);
    }
  }
}
