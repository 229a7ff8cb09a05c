package ai.starcite;

import ai.starcite.SessionLogException.Code;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonInclude.Value;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns JSON into Java values and back, by a Jackson mapper that converts nothing silently. */
final class JsonMapper {
  private static final String KOTLIN_MODULE = "com.fasterxml.jackson.module.kotlin.KotlinModule";

  private static final Logger LOG = LoggerFactory.getLogger(JsonMapper.class);

  private static final ObjectMapper MAPPER = mapper();

  private JsonMapper() {}

  private static ObjectMapper mapper() {
    var builder =
        com.fasterxml.jackson.databind.json.JsonMapper.builder(JsonText.lenient())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            // Components that are null or empty Optionals are left out; a null that is put into a
            // map is meant.
            .defaultPropertyInclusion(Value.construct(Include.NON_ABSENT, Include.ALWAYS))
            // A record is made by its components, never by a second constructor of one String.
            .disable(MapperFeature.AUTO_DETECT_CREATORS)
            .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
            .enable(MapperFeature.BLOCK_UNSAFE_POLYMORPHIC_BASE_TYPES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .withCoercionConfigDefaults(
                config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail));
    for (CoercionInputShape scalar :
        new CoercionInputShape[] {
          CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
        }) {
      builder.withCoercionConfig(
          LogicalType.Textual, config -> config.setCoercion(scalar, CoercionAction.Fail));
    }
    JsonOptionals.configure(builder);
    JsonTimes.configure(builder);
    addKotlin(builder);
    // The last one, whose readers and writers come first.
    return builder.addModule(new JsonModule()).build();
  }

  /**
   * Adds Jackson's module for Kotlin, if the application has it. Other modules that the application
   * may have would change what is stored: they are not even loaded.
   */
  private static void addKotlin(com.fasterxml.jackson.databind.json.JsonMapper.Builder builder) {
    Iterator<ServiceLoader.Provider<Module>> modules =
        ServiceLoader.load(Module.class, JsonMapper.class.getClassLoader()).stream().iterator();
    while (true) {
      try {
        if (!modules.hasNext()) {
          return;
        }
        ServiceLoader.Provider<Module> module = modules.next();
        if (module.type().getName().equals(KOTLIN_MODULE)) {
          builder.addModule(module.get());
        }
      } catch (ServiceConfigurationError e) {
        // Most likely another module, which concerns nobody here.
        LOG.warn("a Jackson module of the application cannot be loaded", e);
      }
    }
  }

  /** Reads a value, or fails with {@code INVALID}; {@code what} names it in the message. */
  static <T> T read(Json json, Class<T> type, String what) {
    if (type == Json.class) {
      return type.cast(json);
    }
    String text = json.toString();
    T value;
    try (JsonParser parser = MAPPER.createParser(text)) {
      value =
          MAPPER
              .readerFor(type)
              .withAttribute(JsonModule.Source.class, new JsonModule.Source(text, parser))
              .readValue(parser);
    } catch (IOException | RuntimeException e) {
      throw misfit(type, what, reason(e), e);
    }
    if (value == null) {
      throw misfit(type, what, "it is null", null);
    }
    return value;
  }

  private static SessionLogException misfit(
      Class<?> type, String what, String reason, @Nullable Exception cause) {
    return new SessionLogException(
        Code.INVALID, what + " does not fit " + type.getName() + ": " + reason, cause);
  }

  /** Writes a value as valid JSON, or fails with {@code INVALID}. */
  static Json encode(@Nullable Object value) {
    byte[] utf8;
    try {
      utf8 = MAPPER.writeValueAsBytes(value);
    } catch (IOException | RuntimeException e) {
      throw unwritable(value, reason(e), e);
    }
    try {
      int depth = JsonText.check(utf8); // NaN, raw values, keys that look the same
      return new Json(utf8, depth > JsonText.MAX_DEPTH);
    } catch (SessionLogException e) {
      throw unwritable(value, e.getMessage(), e);
    }
  }

  private static SessionLogException unwritable(
      @Nullable Object value, @Nullable String reason, Exception cause) {
    String name = value == null ? "null" : value.getClass().getName();
    // The advice of the mapper is for those who can configure it.
    String plain = String.valueOf(reason).replaceAll(" \\(to avoid exception,[^)]*\\)", "");
    return new SessionLogException(
        Code.INVALID, "a value of " + name + " cannot be written as JSON: " + plain, cause);
  }

  private static String reason(Exception e) {
    if (!(e instanceof JsonProcessingException problem)) {
      return JsonText.shorten(String.valueOf(e.getMessage()), 300);
    }
    Throwable cause = problem.getCause();
    if (cause instanceof StreamConstraintsException) {
      return "nested deeper than " + JsonText.MAX_DEPTH + " levels, or within itself";
    }
    String reason =
        cause instanceof NullPointerException
            ? "missing or null: " + cause.getMessage()
            : JsonText.reason(problem);
    String path = problem instanceof JsonMappingException mapping ? path(mapping) : "";
    return path.isEmpty() ? reason : "at " + path + ": " + reason;
  }

  private static String path(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : name(step))
            .collect(Collectors.joining());
    return JsonText.shorten(path.startsWith(".") ? path.substring(1) : path, 200);
  }

  private static String name(JsonMappingException.Reference step) {
    return "." + step.getFieldName();
  }
}
