package ai.starcite;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.impl.UnknownSerializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToEmptyObjectSerializer;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Teaches Jackson that a {@link Json} within another value stands there as it is. */
final class JsonModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  JsonModule() {
    super("starcite");
    addSerializer(new Writer());
    addDeserializer(Json.class, new Reader());
    setSerializerModifier(new EmptyRecords());
    setDeserializerModifier(new FiniteNumbers());
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

  /** An event that says nothing but its type is a record without components. */
  private static final class EmptyRecords extends BeanSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonSerializer<?> modifySerializer(
        SerializationConfig config, BeanDescription type, JsonSerializer<?> serializer) {
      return serializer instanceof UnknownSerializer && type.getBeanClass().isRecord()
          ? new ToEmptyObjectSerializer(type.getType())
          : serializer;
    }
  }

  /** Keeps "NaN" and 1e999, which is no double, out of floating-point components. */
  private static final class FiniteNumbers extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;
    private static final Set<Class<?>> TYPES =
        Set.of(double.class, Double.class, float.class, Float.class);

    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription type, JsonDeserializer<?> deserializer) {
      return TYPES.contains(type.getBeanClass()) ? new FiniteNumber(deserializer) : deserializer;
    }
  }

  private static final class FiniteNumber extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    FiniteNumber(JsonDeserializer<?> delegate) {
      super(delegate);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
      return new FiniteNumber(delegate);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Object number = super.deserialize(parser, context);
      return number instanceof Number n && !Double.isFinite(n.doubleValue())
          ? context.handleWeirdNumberValue(handledType(), n, "not a finite number")
          : number;
    }
  }
}
