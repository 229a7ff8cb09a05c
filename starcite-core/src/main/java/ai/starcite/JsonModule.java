package ai.starcite;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.impl.UnknownSerializer;
import com.fasterxml.jackson.databind.ser.std.BeanSerializerBase;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToEmptyObjectSerializer;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Teaches Jackson that a {@link Json} within another value stands there as it is. */
final class JsonModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  JsonModule() {
    super("starcite");
    addSerializer(new Writer());
    addDeserializer(Json.class, new Reader());
    setSerializerModifier(new EmptyTypes());
    JsonNumbers.register(this);
  }

  /** The text that a parser reads, kept as an attribute under this class. */
  record Source(String text, JsonParser parser) {}

  private static final class Writer extends StdSerializer<Json> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Json.class);
    }

    @Override
    public void serialize(Json json, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeRawValue(json.toString());
    }
  }

  private static final class Reader extends StdDeserializer<Json> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(Json.class);
    }

    @Override
    public Json deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      if (context.getAttribute(Source.class) instanceof Source source
          && source.parser() == parser) {
        return JsonText.cut(source.text(), parser);
      }
      // Jackson has taken the value into a buffer of its own; write it anew.
      StringWriter copy = new StringWriter();
      try (JsonGenerator generator = JsonText.CHECKED.createGenerator(copy)) {
        generator.copyCurrentStructure(parser);
      }
      return Json.parse(copy.toString());
    }

    /** A null that is there is the JSON value null. */
    @Override
    public Json getNullValue(DeserializationContext context) {
      return new Json(new byte[] {'n', 'u', 'l', 'l'});
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }

  /**
   * An event that says nothing but its type is a record without components. Any other class of
   * which nothing would be written is a mistake.
   */
  private static final class EmptyTypes extends BeanSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonSerializer<?> modifySerializer(
        SerializationConfig config, BeanDescription type, JsonSerializer<?> serializer) {
      boolean isEmpty =
          serializer instanceof UnknownSerializer
              || (serializer instanceof BeanSerializerBase bean
                  && !bean.properties().hasNext()
                  && type.findAnyGetter() == null
                  && !type.getClassAnnotations().has(JsonTypeInfo.class));
      if (!isEmpty) {
        return serializer;
      }
      return type.getBeanClass().isRecord()
          ? new ToEmptyObjectSerializer(type.getType())
          : new Refused(type.getType());
    }
  }

  private static final class Refused extends StdSerializer<Object> {
    private static final long serialVersionUID = 1L;

    Refused(JavaType type) {
      super(type);
    }

    @Override
    public void serialize(Object value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      provider.reportBadDefinition(
          handledType(),
          "%s has no getters and no public fields, so that nothing of it would be stored; make it a record, or annotate its fields with @JsonProperty"
              .formatted(handledType().getName()));
    }
  }
}
