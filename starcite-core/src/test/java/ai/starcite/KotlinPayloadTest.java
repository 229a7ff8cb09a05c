package ai.starcite;

import static ai.starcite.Invalid.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.module.SimpleModule;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kotlin's data classes as payloads, where Jackson's module for Kotlin is on the class path. */
class KotlinPayloadTest {
  private static final Quote QUOTE =
      new Quote("tea", 450, "USD", Instant.parse("2026-03-01T12:00:00Z"), List.of("hot"), true);

  @Test
  @DisplayName("EVT-3: a data class is written by its properties, and read back as it was")
  void roundTrip() {
    NewEvent event = NewEvent.of(QUOTE);

    assertThat(event.type()).isEqualTo("quote");
    assertThat(event.payload().members())
        .containsEntry("item_name", Json.encode("tea"))
        .containsEntry("price_cents", Json.encode(450))
        .containsEntry("valid_until", Json.encode("2026-03-01T12:00:00Z"))
        .containsEntry("is_final", Json.encode(true))
        .hasSize(6);
    assertThat(Event.of(1, Instant.EPOCH, event).as(Quote.class)).isEqualTo(QUOTE);
    assertThat(Json.encode(new Single("a"))).hasToString("{\"text\":\"a\"}");
    assertThat(Json.parse("{\"text\":\"a\"}").as(Single.class)).isEqualTo(new Single("a"));
  }

  @Test
  @DisplayName("EVT-3: what is absent has the default of the data class")
  void defaults() {
    assertThat(Json.parse("{\"item_name\":\"tea\",\"price_cents\":1}").as(Quote.class))
        .isEqualTo(new Quote("tea", 1, "EUR", null, List.of(), false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"price_cents":1}                                       | item_name
          {"item_name":null,"price_cents":1}                      | item_name
          {"item_name":5,"price_cents":1}                         | item_name
          {"item_name":"tea"}                                     | price_cents
          {"item_name":"tea","price_cents":"1"}                   | price_cents
          {"item_name":"tea","price_cents":1,"valid_until":5}     | valid_until
          """)
  @DisplayName("EVT-3: a wrong shape is INVALID, also null where Kotlin allows none")
  void wrongShape(String text, String path) {
    assertInvalid(() -> Json.parse(text).as(Quote.class)).hasMessageContaining(path);
  }

  @Test
  @DisplayName("EVT-3: a text alone is no data class, and a class that would be empty is refused")
  void refused() {
    assertInvalid(() -> Json.parse("\"a\"").as(Single.class));
    assertInvalid(() -> Json.encode(new Bare())).hasMessageContaining("nothing of it would");
  }

  /** A module that the application has for its own mappers. */
  public static final class OtherModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    private static final AtomicInteger MADE = new AtomicInteger();

    public OtherModule() {
      MADE.incrementAndGet();
    }
  }

  @Test
  @DisplayName("EVT-3: no other module of the application has a say in what is stored")
  void otherModules() {
    assertThat(ServiceLoader.load(com.fasterxml.jackson.databind.Module.class).stream())
        .anyMatch(module -> module.type().equals(OtherModule.class));
    assertThat(Json.encode(QUOTE).as(Quote.class)).isEqualTo(QUOTE);
    assertThat(OtherModule.MADE).hasValue(0);
  }
}
