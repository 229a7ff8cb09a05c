package ai.starcite.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.starcite.Event;
import ai.starcite.Json;
import ai.starcite.NewSession;
import ai.starcite.Session;
import ai.starcite.SessionLogException;
import ai.starcite.SessionLogException.Code;
import ai.starcite.SessionPage;
import ai.starcite.SessionQuery;
import ai.starcite.SessionQuery.Visibility;
import ai.starcite.Tail;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A session {@code s} with two events, for calls that must do nothing: after each test it is as it
 * was, now and after a restart, there is no other one, and the log takes and delivers more.
 */
abstract class UnharmedFixture extends LogFixture {
  private Session session;
  private List<Event> events;

  @BeforeEach
  final void fill() {
    log()
        .create(
            NewSession.ofId("s").withTitle("title").withMetadata(Json.parse("{\"key\":\"v\"}")));
    log().append("s", event("one").withProducer("p", 1));
    log().append("s", event("two"));
    session = log().get("s");
    events = read("s");
  }

  @AfterEach
  final void isUnharmed() {
    isAsBefore();
    log().create(NewSession.ofId("next"));
    try (Tail tail = log().tail("s", 2)) {
      assertThat(log().append("s", event("three").withProducer("p", 2)).seq()).isEqualTo(3);
      assertThat(tail.next().payload()).isEqualTo(event("three").payload());
    }
    log().delete("next");
    reopen();
    assertThat(read("s")).hasSize(3).startsWith(events.toArray(Event[]::new));
  }

  /** Nothing was written. */
  protected final void isAsBefore() {
    assertThat(log().get("s")).isEqualTo(session);
    assertThat(read("s")).isEqualTo(events);
    assertThat(log().list(SessionQuery.active().withVisibility(Visibility.ALL)).sessions())
        .extracting(SessionPage.Row::id)
        .containsExactly("s");
  }

  /** A call that must fail with INVALID and a message that has all of these in it. */
  protected static void invalid(ThrowingCallable call, String... about) {
    SessionLogException failure = failure(Code.INVALID, call);
    assertThat(failure.isDefinite()).isTrue();
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure.getMessage()).isNotBlank();
    for (String each : about) {
      assertThat(failure).hasMessageContaining(each);
    }
  }
}
