package ai.starcite;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps times as ISO 8601 text. A number does not say whether it counts seconds or milliseconds, an
 * array of numbers has no zone, and a date does not contain a time: none of them is read as one.
 */
final class JsonTimes extends BeanDeserializerModifier {
  private static final long serialVersionUID = 1L;

  /** Types for which Jackson takes the digits of a text for a timestamp. */
  private static final Set<Class<?>> INSTANTS =
      Set.of(Instant.class, OffsetDateTime.class, ZonedDateTime.class, Date.class, Calendar.class);

  private static final Pattern DIGITS = Pattern.compile("\\s*[+-]?[0-9]+(\\.[0-9]*)?\\s*");

  static void configure(JsonMapper.Builder builder) {
    builder
        .addModule(module())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
        .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE);
    for (Class<?> type : new Class<?>[] {LocalDate.class, LocalDateTime.class}) {
      // Else the time, or the zone, of a longer text would be dropped.
      builder.withConfigOverride(
          type, override -> override.setFormat(JsonFormat.Value.forLeniency(false)));
    }
  }

  private static Module module() {
    JavaTimeModule module =
        new JavaTimeModule().disable(JavaTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID);
    module.setDeserializerModifier(new JsonTimes());
    return module;
  }

  @Override
  public JsonDeserializer<?> modifyDeserializer(
      DeserializationConfig config, BeanDescription type, JsonDeserializer<?> deserializer) {
    Class<?> time = type.getBeanClass();
    return time.getPackageName().equals("java.time")
            || Date.class.isAssignableFrom(time)
            || Calendar.class.isAssignableFrom(time)
        ? new TextOnly(deserializer)
        : deserializer;
  }

  private static final class TextOnly extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    TextOnly(JsonDeserializer<?> delegate) {
      super(delegate);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
      return new TextOnly(delegate);
    }

    /** A component whose annotation asks for another form is read in that form. */
    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, BeanProperty property) throws JsonMappingException {
      JsonDeserializer<?> contextual = super.createContextual(context, property);
      boolean asksForAnother =
          property != null
              && property
                  .findPropertyFormat(context.getConfig(), Object.class)
                  .getShape()
                  .isNumeric();
      return asksForAnother ? contextual.getDelegatee() : contextual;
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return context.handleUnexpectedToken(
            getValueType(context), parser.currentToken(), parser, "a time is text in ISO 8601");
      }
      if (INSTANTS.contains(handledType()) && DIGITS.matcher(parser.getText()).matches()) {
        return context.handleWeirdStringValue(
            handledType(), parser.getText(), "a time is text in ISO 8601, not a number");
      }
      return super.deserialize(parser, context);
    }
  }
}
