package ai.starcite;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.ReferenceType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads what is absent as empty, and optional numbers as strictly as numbers. */
final class JsonOptionals extends SimpleModule {
  private static final long serialVersionUID = 1L;

  private JsonOptionals() {
    super("starcite-optionals");
    number(OptionalInt.class, Integer.class, OptionalInt::of, OptionalInt.empty());
    number(OptionalLong.class, Long.class, OptionalLong::of, OptionalLong.empty());
    number(OptionalDouble.class, Double.class, OptionalDouble::of, OptionalDouble.empty());
    setDeserializerModifier(new AbsentIsEmpty());
  }

  static void configure(JsonMapper.Builder builder) {
    builder.addModule(new Jdk8Module()).addModule(new JsonOptionals());
  }

  private <N, T> void number(Class<T> type, Class<N> number, Function<N, T> present, T empty) {
    addDeserializer(type, new OptionalNumber<>(type, number, present, empty));
  }

  private static final class OptionalNumber<N, T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final Class<N> number;
    private final transient Function<N, T> present;
    private final transient T empty;

    OptionalNumber(Class<T> type, Class<N> number, Function<N, T> present, T empty) {
      super(type);
      this.number = number;
      this.present = present;
      this.empty = empty;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return present.apply(context.readValue(parser, number));
    }

    @Override
    public T getNullValue(DeserializationContext context) {
      return empty;
    }
  }

  /** An {@code Optional<Json>} tells a null that is there from nothing. */
  private static final class AbsentIsEmpty extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> modifyReferenceDeserializer(
        DeserializationConfig config,
        ReferenceType type,
        BeanDescription description,
        JsonDeserializer<?> deserializer) {
      return type.hasRawClass(Optional.class) ? new Reader(deserializer) : deserializer;
    }
  }

  private static final class Reader extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    Reader(JsonDeserializer<?> delegate) {
      super(delegate);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
      return new Reader(delegate);
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return Optional.empty();
    }
  }
}
