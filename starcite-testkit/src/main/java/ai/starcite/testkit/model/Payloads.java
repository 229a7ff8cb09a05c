package ai.starcite.testkit.model;

import ai.starcite.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** JSON objects of all kinds that must come back byte for byte (clause EVT-2). */
final class Payloads {
  private static final int DEEPEST = 100;

  /** An event may have 1 MiB; this leaves room for its other fields. */
  private static final int LARGEST = (1 << 20) - 4_096;

  private Payloads() {}

  /** Small ones mostly, at times deep, and very seldom as large as an event can be. */
  static Arbitrary<Json> payloads() {
    return Arbitraries.frequencyOf(
            Tuple.of(3_000, objects()),
            Tuple.of(100, Arbitraries.integers().between(1, DEEPEST - 1).map(Payloads::deep)),
            Tuple.of(1, Arbitraries.of(LARGEST, LARGEST - 1, 1 << 19).map(Payloads::large)))
        .map(Json::parse);
  }

  private static String deep(int levels) {
    return "{\"deep\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
  }

  private static String large(int bytes) {
    return "{\"s\":\"" + "x".repeat(bytes - 8) + "\"}";
  }

  private static Arbitrary<String> objects() {
    Arbitrary<String> values =
        Arbitraries.lazyOf(
            Payloads::scalars, Payloads::scalars, Payloads::arrays, Payloads::nested);
    return object(values);
  }

  private static Arbitrary<String> nested() {
    return object(scalars());
  }

  private static Arbitrary<String> object(Arbitrary<String> values) {
    // In no order; no key is there twice, since "k" and "\u006b" are the only two that are equal.
    Arbitrary<String> keys =
        Arbitraries.of("n", "text", "b", "a", "", "\u00e9", "\uD83D\uDE00", "\\n");
    return Combinators.combine(spaces(), Arbitraries.maps(keys, values).ofMaxSize(3))
        .as((space, members) -> write(space, members));
  }

  private static String write(String space, Map<String, String> members) {
    List<String> written =
        members.entrySet().stream()
            .map(e -> "%s\"%s\"%s:%s%s".formatted(space, e.getKey(), space, space, e.getValue()))
            .toList();
    return space + "{" + String.join(space + ",", written) + space + "}" + space;
  }

  private static Arbitrary<String> arrays() {
    return scalars().list().ofMaxSize(3).map(values -> "[" + String.join(" , ", values) + "]");
  }

  private static Arbitrary<String> scalars() {
    return Arbitraries.oneOf(
        numbers(),
        Arbitraries.of(
                "a",
                "\u00e9",
                "\u20ac",
                "\uD83D\uDE00",
                "\\ud83d\\ude00",
                "\\u0000",
                "\\\"",
                "\\/",
                "\u2028")
            .list()
            .ofMaxSize(4)
            .map(pieces -> '"' + String.join("", pieces) + '"'),
        Arbitraries.of("true", "false", "null"));
  }

  private static Arbitrary<String> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "1", "1.0", "0", "-0", "-0.0", "0.1", "1e999", "1E-999", "10e-1", "9".repeat(40)),
        Arbitraries.longs().map(String::valueOf));
  }

  private static Arbitrary<String> spaces() {
    return Arbitraries.frequency(Tuple.of(6, ""), Tuple.of(1, " "), Tuple.of(1, "\r\n\t"));
  }

  /** The same value in other bytes: the order of keys, white space and whole numbers differ. */
  static Json respelled(Json object) {
    StringBuilder text = new StringBuilder();
    Map<String, Json> members = new LinkedHashMap<>(object.members());
    members.forEach(
        (key, value) ->
            text.insert(0, (text.isEmpty() ? "" : " , "))
                .insert(0, Json.encode(key) + " : " + respelledNumber(value.toString())));
    return Json.parse(" { " + text + " } ");
  }

  private static String respelledNumber(String value) {
    return value.matches("-?[0-9]{1,40}") ? value + ".0" : value;
  }
}
