package ai.starcite;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.deser.std.UntypedObjectDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.ArrayType;
import java.io.IOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps the numbers of JSON what they are when they are read as Java's. A double or a float takes a
 * number only if it is, rounded to as many digits as the text has, that number: so it takes 0.1,
 * and neither 1e400, nor 9007199254740993, nor 0.1234567890123456789. A byte takes none above 127.
 * Where no type is demanded, a number that fits no double is a {@link BigDecimal}.
 */
final class JsonNumbers extends BeanDeserializerModifier {
  private static final long serialVersionUID = 1L;

  /** So many characters without an exponent are sure to survive. */
  private static final int SAFE_DOUBLE = 15;

  private static final Set<Class<?>> SCALARS =
      Set.of(
          double.class,
          Double.class,
          float.class,
          Float.class,
          byte.class,
          Byte.class,
          Number.class);

  static void register(SimpleModule module) {
    module.setDeserializerModifier(new JsonNumbers());
    module.addDeserializer(Object.class, new Untyped());
    for (Class<?> type : new Class<?>[] {Double.class, Float.class, Byte.class}) {
      module.addKeyDeserializer(type, new Key(type));
    }
  }

  @Override
  public JsonDeserializer<?> modifyDeserializer(
      DeserializationConfig config, BeanDescription type, JsonDeserializer<?> deserializer) {
    return SCALARS.contains(type.getBeanClass()) ? new Scalar(deserializer) : deserializer;
  }

  @Override
  public JsonDeserializer<?> modifyArrayDeserializer(
      DeserializationConfig config,
      ArrayType type,
      BeanDescription description,
      JsonDeserializer<?> deserializer) {
    Class<?> element = type.getContentType().getRawClass();
    return element.isPrimitive() && SCALARS.contains(element)
        ? new PrimitiveArray(type.getRawClass(), deserializer)
        : deserializer;
  }

  /** Whether a number that was read is the one in the text. */
  static boolean isSame(String text, Number read) {
    if (read instanceof Float || read instanceof Double) {
      double value = read.doubleValue();
      if (!Double.isFinite(value)) {
        return false;
      }
      if (read instanceof Double && text.length() <= SAFE_DOUBLE && isPlain(text)) {
        return true;
      }
      BigDecimal written = new BigDecimal(text).stripTrailingZeros();
      BigDecimal exact = new BigDecimal(value);
      return exact
              .round(new MathContext(written.precision(), RoundingMode.HALF_EVEN))
              .compareTo(written)
          == 0;
    }
    return !(read instanceof Byte) || new BigDecimal(text).compareTo(decimal(read)) == 0;
  }

  private static BigDecimal decimal(Number whole) {
    return BigDecimal.valueOf(whole.longValue());
  }

  private static boolean isPlain(String text) {
    return text.indexOf('e') < 0 && text.indexOf('E') < 0;
  }

  /** A number for which no type is demanded. */
  private static Number exact(JsonParser parser) throws IOException {
    String text = parser.getText();
    double value = parser.getDoubleValue();
    return isSame(text, value) ? (Number) value : new BigDecimal(text);
  }

  private static final class Scalar extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    Scalar(JsonDeserializer<?> delegate) {
      super(delegate);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
      return new Scalar(delegate);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (handledType() == Number.class && parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
        return exact(parser);
      }
      String text = parser.getText();
      boolean isNumber = parser.currentToken().isNumeric();
      Object number = super.deserialize(parser, context);
      if (!(number instanceof Number read)) {
        return number;
      }
      if (isNumber ? isSame(text, read) : Double.isFinite(read.doubleValue())) {
        return number;
      }
      return context.handleWeirdNumberValue(
          handledType(),
          read,
          "%s cannot be kept as it is; BigDecimal takes any number",
          JsonText.shorten(text, 40));
    }
  }

  private static final class Untyped extends UntypedObjectDeserializer {
    private static final long serialVersionUID = 1L;

    Untyped() {
      super((JavaType) null, null);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT)
          ? exact(parser)
          : super.deserialize(parser, context);
    }
  }

  /** An array of primitives, read as its elements are read one by one. */
  private static final class PrimitiveArray extends StdDeserializer<Object> {
    private static final long serialVersionUID = 1L;

    private final Class<?> element;

    /** For bytes in Base64. Nobody serializes deserializers. */
    @SuppressWarnings("serial")
    private final JsonDeserializer<?> other;

    PrimitiveArray(Class<?> array, JsonDeserializer<?> other) {
      super(array);
      this.element = array.getComponentType();
      this.other = other;
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.isExpectedStartArrayToken()) {
        return other.deserialize(parser, context);
      }
      List<Object> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        try {
          elements.add(context.readValue(parser, element));
        } catch (IOException e) {
          throw JsonMappingException.wrapWithPath(e, elements, elements.size());
        }
      }
      Object array = Array.newInstance(element, elements.size());
      for (int i = 0; i < elements.size(); i++) {
        Array.set(array, i, elements.get(i));
      }
      return array;
    }
  }

  /** A key of a map that stands for a number. */
  private static final class Key extends KeyDeserializer {
    private final Class<?> type;

    Key(Class<?> type) {
      this.type = type;
    }

    @Override
    public Object deserializeKey(String key, DeserializationContext context) throws IOException {
      try {
        Number number =
            type == Byte.class
                ? (Number) Byte.valueOf(key)
                : type == Float.class ? (Number) Float.valueOf(key) : Double.valueOf(key);
        if (isSame(key, number)) {
          return number;
        }
      } catch (NumberFormatException e) {
        return context.handleWeirdKey(type, key, "not a number of that type");
      }
      return context.handleWeirdKey(type, key, "cannot be kept as it is");
    }
  }
}
