package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How large an event and its parts can be. */
@OverMemory
class EventLimitTest extends LogFixture {
  private static final int MIB = 1 << 20;

  @BeforeEach
  void create() {
    log().create(NewSession.ofId("s"));
  }

  /** An event of exactly so many bytes, in characters of three bytes. */
  private static NewEvent sized(int bytes) {
    int text = bytes - "t".length() - "{\"x\":\"\"}".length();
    String json = "{\"x\":\"" + "\u20AC".repeat(text / 3) + "y".repeat(text % 3) + "\"}";
    NewEvent event = NewEvent.of("t", Json.parse(json));
    assertThat(event.size()).isEqualTo(bytes);
    return event;
  }

  private void refused(NewEvent event, long limit) {
    SessionLogException failure = failure(Code.INVALID, () -> log().append("s", event));
    assertThat(failure).hasMessageContainingAll("" + limit, "" + event.size());
    failure(Code.INVALID, () -> log().appendAsync("s", event));
    failure(Code.INVALID, () -> log().appendAll("s", List.of(event("fits"), event)));
  }

  @Test
  @DisplayName("EVT-4: an event of 1 MiB fits by default, one byte more is INVALID, naming both")
  void defaultLimit() {
    log().append("s", sized(MIB));
    refused(sized(MIB + 1), MIB);
    reopen();
    assertThat(read("s")).extracting(Event::toNewEvent).containsExactly(sized(MIB));
    assertThat(read("s").get(0).size()).isEqualTo(MIB);
  }

  @Test
  @DisplayName("EVT-4: strings, metadata and refs count by their bytes of UTF-8")
  void everythingCounts() {
    settings(builder -> builder.maxEventBytes(1_024));
    reopen();
    NewEvent rest =
        NewEvent.of("type", Json.parse("{}"))
            .withActor("é")
            .withSource("\u20AC")
            .withIdempotencyKey("\uD83D\uDE00")
            .withProducer("pp", 1)
            .withRefs(Json.parse("{\"a\":1}"));
    int used = 4 + 2 + 2 + 3 + 4 + 2 + 7;
    assertThat(rest.size()).isEqualTo(used);
    int left = 1_024 - used - "{\"m\":\"\"}".length();
    NewEvent fits = rest.withMetadata(Json.parse("{\"m\":\"" + "x".repeat(left) + "\"}"));
    log().append("s", fits);
    refused(rest.withMetadata(Json.parse("{\"m\":\"" + "x".repeat(left + 1) + "\"}")), 1_024);
    assertThat(read("s")).extracting(Event::toNewEvent).containsExactly(fits);
  }

  @Test
  @DisplayName(
      "EVT-4: a limit of 8 MiB holds, and a smaller one later leaves large events readable")
  void largestLimit() {
    settings(builder -> builder.maxEventBytes(8 * MIB));
    reopen();
    log().append("s", sized(8 * MIB));
    refused(sized(8 * MIB + 1), 8 * MIB);
    settings(builder -> builder.maxEventBytes(1_024));
    reopen();
    assertThat(read("s")).extracting(Event::toNewEvent).containsExactly(sized(8 * MIB));
    refused(sized(1_025), 1_024);
    assertThat(log().append("s", sized(1_024)).seq()).isEqualTo(2);
  }

  @Test
  @DisplayName("EVT-4: a batch of 10,000 events and one of 8 MiB fit, and one more does not")
  void batchLimits() {
    NewEvent small = event("x");
    assertThat(log().appendAll("s", Collections.nCopies(10_000, small))).hasSize(10_000);
    assertThat(log().appendAll("s", Collections.nCopies(8, sized(MIB)))).hasSize(8);
    SessionLogException tooMany =
        failure(Code.INVALID, () -> log().appendAll("s", Collections.nCopies(10_001, small)));
    assertThat(tooMany).hasMessageContainingAll("10001", "10000");
    List<NewEvent> tooLarge =
        List.of(
            sized(MIB),
            sized(MIB),
            sized(MIB),
            sized(MIB),
            sized(MIB),
            sized(MIB),
            sized(MIB),
            sized(MIB - 99),
            sized(100));
    SessionLogException tooManyBytes = failure(Code.INVALID, () -> log().appendAll("s", tooLarge));
    assertThat(tooManyBytes).hasMessageContainingAll("" + (8 * MIB + 1), "" + 8 * MIB);
    reopen();
    assertThat(log().get("s").lastSeq()).isEqualTo(10_008);
    assertThat(read("s")).hasSize(10_008);
  }

  @Test
  @DisplayName("EVT-4: JSON of 100 levels is kept, deeper JSON is INVALID")
  void depth() {
    String deepest = "{\"x\":".repeat(99) + "{}" + "}".repeat(99);
    NewEvent event =
        NewEvent.of("t", Json.parse(deepest))
            .withMetadata(Json.parse(deepest))
            .withRefs(Json.parse(deepest));
    log().append("s", event);
    reopen();
    assertThat(read("s")).extracting(Event::toNewEvent).containsExactly(event);
    Event stored = read("s").get(0);
    assertThat(Event.fromJson(Json.parse(stored.toJson().toString()))).isEqualTo(stored);
    failure(Code.INVALID, () -> NewEvent.of("t", Json.parse("{\"x\":" + deepest + "}")));
  }
}
