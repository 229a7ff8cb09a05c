package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewEvent;
import ai.starcite.NewSession;
import ai.starcite.Tail;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A session for payloads that must come back byte for byte. */
abstract class PayloadFixture extends LogFixture {
  static final List<String> AWKWARD =
      List.of(
          "{}",
          " {\t}\r\n",
          "{\"b\":1,\"a\":2}",
          "{\"n\":1.0,\"m\":1e0,\"k\":10E-1,\"z\":-0,\"y\":-0.0}",
          "{\"n\":1e999999999,\"m\":123456789012345678901234567890.10}",
          "{\"\":\"\"}",
          "{\"s\":\"\\u00e9\\/\\\"\\u0000 é \uD83D\uDE00 \\ud83d\\ude00\"}",
          "{\"s\":\"\u2028\u2029\uFEFF\uFFFF\u007F\"}",
          "{ \"spaced\" : [ 1 , null , true , { } ] }",
          "{\"deep\":" + "[".repeat(99) + "]".repeat(99) + "}");

  @BeforeEach
  void create() {
    log().create(NewSession.ofId("s"));
  }

  static NewEvent payload(String json) {
    return NewEvent.of("t", Json.parse(json));
  }

  /** Appends, following live, and compares: live, again, and after a restart. */
  final void roundTrip(List<NewEvent> events, String description) {
    List<Json> expected = events.stream().map(NewEvent::payload).toList();
    try (Tail tail = log().tail("s", 0)) {
      for (NewEvent each : events) {
        log().append("s", each);
        assertThat(tail.next().payload()).as(description).isEqualTo(each.payload());
      }
    }
    assertThat(read("s")).extracting(Event::payload).as(description).isEqualTo(expected);
    reopen();
    List<Event> cold = read("s");
    assertThat(cold).extracting(Event::payload).as(description).isEqualTo(expected);
    assertThat(cold).extracting(Event::toNewEvent).as(description).isEqualTo(events);
  }
}
