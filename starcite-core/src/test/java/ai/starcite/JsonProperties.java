package ai.starcite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Json against Jackson's trees: values are drawn as trees, and written in random ways. */
class JsonProperties {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper PLAIN =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(JsonFactory.Feature.CHARSET_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @Property
  @Label("EVT-2: any JSON comes back byte for byte")
  void bytesComeBack(@ForAll("trees") JsonNode tree, @ForAll Random random) {
    String text = new Spelling(random).write(tree);

    assertThat(Json.parse(text)).hasToString(text);
    assertThat(Json.parse(text.getBytes(UTF_8)).bytes()).isEqualTo(text.getBytes(UTF_8));
  }

  @Property
  @Label("EVT-2: the members of any object are cut out byte for byte, in their order")
  void membersAreExact(
      @ForAll("keys") List<String> keys, @ForAll("trees") JsonNode tree, @ForAll Random random) {
    Spelling spelling = new Spelling(random);
    Map<String, Json> expected = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder(spelling.space()).append('{');
    for (String key : keys) {
      String value = spelling.write(tree);
      text.append(expected.isEmpty() ? "" : ",").append(spelling.space());
      text.append(spelling.string(key)).append(spelling.space()).append(':');
      text.append(spelling.space()).append(value).append(spelling.space());
      expected.put(key, Json.parse(value.strip()));
    }
    text.append('}').append(spelling.space());

    Map<String, Json> members = Json.parse(text.toString()).members();

    assertThat(members).isEqualTo(expected);
    assertThat(members.keySet()).containsExactlyElementsOf(expected.keySet());
  }

  @Property
  @Label("APP-4: one value written in two ways is the same value")
  void spellingDoesNotCount(@ForAll("trees") JsonNode tree, @ForAll Random random) {
    Spelling spelling = new Spelling(random);

    assertThat(Json.parse(spelling.write(tree)).sameValue(Json.parse(spelling.write(tree))))
        .isTrue();
  }

  @Property
  @Label("APP-4: two values are the same exactly if Jackson's trees are")
  void sameAsTrees(
      @ForAll("smallTrees") JsonNode one,
      @ForAll("smallTrees") JsonNode other,
      @ForAll Random random) {
    Spelling spelling = new Spelling(random);
    Json a = Json.parse(spelling.write(one));
    Json b = Json.parse(spelling.write(other));
    boolean equal = one.equals(JsonProperties::compareNumbers, other);

    assertThat(a.sameValue(b)).isEqualTo(equal);
    assertThat(b.sameValue(a)).isEqualTo(equal);
  }

  private static int compareNumbers(JsonNode a, JsonNode b) {
    return a.isNumber() && b.isNumber()
        ? a.decimalValue().compareTo(b.decimalValue())
        : a.equals(b) ? 0 : 1;
  }

  @Property
  @Label("APP-4: numbers are compared as BigDecimal compares them")
  void numbersAsBigDecimal(@ForAll("numbers") String one, @ForAll("numbers") String other) {
    assertThat(Json.parse(one).sameValue(Json.parse(other)))
        .isEqualTo(new BigDecimal(one).compareTo(new BigDecimal(other)) == 0);
  }

  @Property(tries = 3000)
  @Label("EVT-4: damaged JSON is taken exactly if strict UTF-8 and plain Jackson take it")
  void damagedAsJackson(@ForAll("trees") JsonNode tree, @ForAll Random random) {
    byte[] utf8 = damage(new Spelling(random).write(tree).getBytes(UTF_8), random);

    assertThat(accepts(utf8)).as(() -> new String(utf8, UTF_8)).isEqualTo(plainAccepts(utf8));
  }

  private static boolean accepts(byte[] utf8) {
    try {
      Json.parse(utf8);
      return true;
    } catch (SessionLogException e) {
      return false;
    }
  }

  private static boolean plainAccepts(byte[] utf8) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
      JsonNode tree = PLAIN.readTree(utf8); // by another of Jackson's parsers than Json uses
      return !tree.isMissingNode() && UTF_8.newEncoder().canEncode(strings(tree));
    } catch (IOException e) {
      return false;
    }
  }

  private static String strings(JsonNode tree) {
    StringBuilder all = new StringBuilder(tree.asText()).append('.');
    tree.fieldNames().forEachRemaining(name -> all.append(name).append('.'));
    tree.forEach(child -> all.append(strings(child)));
    return all.toString();
  }

  private static byte[] damage(byte[] utf8, Random random) {
    byte[] alphabet = "{}[],:\"\\u0eE-+.d8 \n1tfn".getBytes(UTF_8);
    List<Byte> bytes = new ArrayList<>();
    for (byte b : utf8) {
      bytes.add(b);
    }
    for (int times = random.nextInt(3); times >= 0; times--) {
      int at = random.nextInt(bytes.size() + 1);
      byte b =
          random.nextInt(4) == 0
              ? (byte) random.nextInt()
              : alphabet[random.nextInt(alphabet.length)];
      if (random.nextBoolean() && at < bytes.size()) {
        bytes.remove(at);
      }
      if (random.nextBoolean()) {
        bytes.add(Math.min(at, bytes.size()), b);
      }
    }
    byte[] damaged = new byte[bytes.size()];
    for (int i = 0; i < damaged.length; i++) {
      damaged[i] = bytes.get(i);
    }
    return damaged;
  }

  @Provide
  Arbitrary<List<String>> keys() {
    return texts().list().uniqueElements().ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> numbers() {
    Arbitrary<String> digits = Arbitraries.of("0", "1", "10", "100", "12", "120", "1200", "7");
    Arbitrary<String> fraction = Arbitraries.of("", ".0", ".00", ".1", ".10", ".12", ".012");
    Arbitrary<String> exponent =
        Arbitraries.of("", "e0", "e1", "E+2", "e-1", "e-02", "e-3", "e3", "e-0");
    return Combinators.combine(Arbitraries.of("", "-"), digits, fraction, exponent)
        .as((sign, d, f, e) -> sign + d + f + e);
  }

  @Provide
  Arbitrary<JsonNode> trees() {
    Arbitrary<BigDecimal> decimals =
        Arbitraries.bigIntegers()
            .flatMap(
                unscaled ->
                    Arbitraries.integers()
                        .between(-400, 400)
                        .map(scale -> new BigDecimal(unscaled, scale)));
    return tree(texts(), decimals, 4);
  }

  /** So few different ones that two of them are often equal. */
  @Provide
  Arbitrary<JsonNode> smallTrees() {
    return tree(
        Arbitraries.of("a", "b"), Arbitraries.of("0", "1", "1.0", "10").map(BigDecimal::new), 2);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(8),
            Arbitraries.strings()
                .withChars("\"\\/\b\n\u0000\u007f é\u2028\uFFFD\uFEFF")
                .ofMaxLength(5),
            Arbitraries.integers().between(0x10000, 0x10FFFF).map(Character::toString),
            Arbitraries.of("", "a", "NaN", "null", "\\ud800"))
        .filter(text -> Utf8.indexOfLoneSurrogate(text) < 0);
  }

  private static Arbitrary<JsonNode> tree(
      Arbitrary<String> texts, Arbitrary<BigDecimal> numbers, int depth) {
    Arbitrary<JsonNode> leaves =
        Arbitraries.oneOf(
            texts.map(NODES::textNode),
            numbers.map(NODES::numberNode),
            Arbitraries.of(NODES.nullNode(), NODES.booleanNode(true), NODES.booleanNode(false)));
    if (depth == 0) {
      return leaves;
    }
    Arbitrary<JsonNode> children = Arbitraries.lazy(() -> tree(texts, numbers, depth - 1));
    Arbitrary<JsonNode> arrays =
        children.list().ofMaxSize(3).map(list -> NODES.arrayNode().addAll(list));
    Arbitrary<JsonNode> objects =
        Arbitraries.maps(texts, children).ofMaxSize(3).map(map -> NODES.objectNode().setAll(map));
    return Arbitraries.oneOf(leaves, arrays, objects);
  }

  /** Writes a tree as JSON in one of the many ways that there are. */
  private record Spelling(Random random) {
    String write(JsonNode tree) {
      return space() + value(tree) + space();
    }

    private String value(JsonNode tree) {
      if (tree.isTextual()) {
        return string(tree.textValue());
      }
      if (tree.isNumber()) {
        return number(tree.decimalValue());
      }
      List<String> parts = new ArrayList<>();
      if (tree.isObject()) {
        tree.properties()
            .forEach(
                member ->
                    parts.add(
                        space()
                            + string(member.getKey())
                            + space()
                            + ":"
                            + write(member.getValue())));
        Collections.shuffle(parts, random);
        return "{" + (parts.isEmpty() ? space() : String.join(",", parts)) + "}";
      }
      if (tree.isArray()) {
        tree.forEach(element -> parts.add(write(element)));
        return "[" + (parts.isEmpty() ? space() : String.join(",", parts)) + "]";
      }
      return tree.asText();
    }

    String space() {
      return List.of("", "", "", " ", "\n", "\t", "\r\n  ").get(random.nextInt(7));
    }

    String string(String text) {
      StringBuilder out = new StringBuilder("\"");
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c) && random.nextBoolean()) {
          out.append(c).append(text.charAt(++i));
        } else if (Character.isSurrogate(c)) {
          out.append(escape(c)).append(escape(text.charAt(++i)));
        } else if (c < 0x20 || c == '"' || c == '\\' || random.nextInt(4) == 0) {
          out.append(escape(c));
        } else {
          out.append(c);
        }
      }
      return out.append('"').toString();
    }

    private String escape(char c) {
      return String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c);
    }

    private String number(BigDecimal number) {
      int shift = random.nextInt(20);
      BigInteger unscaled = number.unscaledValue().multiply(BigInteger.TEN.pow(shift));
      long exponent = -(long) number.scale() - shift;
      return switch (random.nextInt(4)) {
        case 0 -> number.toString();
        case 1 -> number.toPlainString();
        case 2 -> unscaled + "e" + exponent;
        default -> unscaled + ".00E" + (exponent < 0 ? "" : "+0") + exponent;
      };
    }
  }
}
