package ai.starcite.store.s3.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Keys: one for each thing, within what object stores and file systems take. */
class KeysTest {
  private static final int LONGEST_KEY = 1_024;

  private static final List<String> HOSTILE =
      List.of(
          ".",
          "..",
          "/",
          "a/b",
          "a//b",
          "../a",
          "%",
          "%2F",
          "a",
          "A",
          " ",
          "a ",
          "~",
          "\u00E9",
          "e\u0301",
          "\uD83D\uDE00",
          "\uFFFF",
          "x".repeat(256),
          "/".repeat(256),
          "\uD83D\uDE00".repeat(64),
          "\u0000");

  /** What a prefix of the user leaves. */
  private static final int LONGEST_HERE = 400;

  @Provide
  Arbitrary<String> ids() {
    Arbitrary<String> anything =
        Arbitraries.strings()
            .withChars("./%~-_ a\u00E9\uD7FF\uFFFF")
            .ofMinLength(1)
            .ofMaxLength(85);
    return Arbitraries.oneOf(anything, Arbitraries.of(HOSTILE));
  }

  private static List<String> all(String id) {
    Keys.Life life = Keys.of(id).in(Long.MAX_VALUE);
    UUID token = new UUID(-1, -1);
    return List.of(
        Keys.of(id).life(1),
        Keys.of(id).life(Long.MAX_VALUE),
        life.generation(0),
        life.segment(Long.MAX_VALUE),
        life.chunk(1, Long.MAX_VALUE, 1, token),
        life.checkpoint(Long.MAX_VALUE, 1, token));
  }

  @Property
  void keysAreShortAndPlain(@ForAll("ids") String id) {
    assertThat(LONGEST_HERE).isLessThan(LONGEST_KEY);
    for (String key : all(id)) {
      assertThat(key.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(LONGEST_HERE);
      assertThat(key.split("/", -1)).doesNotContain("", ".", "..");
      assertThat(key).matches("[A-Za-z0-9%~_/-]+");
    }
    assertThat(Keys.name(id).length()).isLessThanOrEqualTo(Keys.NAME_BYTES);
  }

  @Property
  void ownKeysAreDistinguishedFromOthers(@ForAll("ids") String id) {
    for (String key : all(id)) {
      assertThat(Keys.isKey(key)).as(key).isTrue();
      String folder = key.substring(0, key.lastIndexOf('/') + 1);
      assertThat(
              List.of(
                  key + "-" + new UUID(1, 2),
                  key + "/" + key,
                  key.substring(0, key.length() - 1),
                  folder,
                  folder + "9".repeat(19),
                  folder.substring(1),
                  "probe/" + key))
          .noneMatch(Keys::isKey);
    }
  }

  @Property
  void differentIdsHaveDifferentNames(@ForAll("ids") String a, @ForAll("ids") String b) {
    assertThat(Keys.name(a).equals(Keys.name(b))).isEqualTo(a.equals(b));
    // Nor does one's listing show the other's keys.
    if (!a.equals(b)) {
      assertThat(Keys.of(b).life(1)).doesNotStartWith(Keys.of(a).lives());
      assertThat(Keys.of(b).in(1).prefix()).doesNotStartWith(Keys.of(a).data());
    }
  }

  @Example
  void hostileIdsHaveDifferentNames() {
    Set<String> names = new HashSet<>();
    HOSTILE.forEach(id -> assertThat(names.add(Keys.name(id))).as(id).isTrue());
    String longest = "x".repeat(255);
    assertThat(Keys.name(longest + "a")).isNotEqualTo(Keys.name(longest + "b"));
    // What a long name ends with cannot be written by a short id.
    assertThat(Keys.name(Keys.name(longest + "a"))).isNotEqualTo(Keys.name(longest + "a"));
  }

  @Property
  void aPrefixFindsAllNamesThatBeginWithIt(
      @ForAll("ids") String prefix, @ForAll("ids") String rest) {
    assertThat(Keys.name(prefix + rest)).startsWith(Keys.namePrefix(prefix));
    assertThat(Keys.name(prefix)).startsWith(Keys.namePrefix(prefix));
  }

  @Property
  void numbersAreReadBackAndSorted(@ForAll("ids") String id) {
    List<Long> numbers = List.of(1L, 2L, 9L, 10L, 99L, 1L << 40, Long.MAX_VALUE - 1);
    Keys.Of keys = Keys.of(id);
    List<String> generations = new ArrayList<>();
    List<String> segments = new ArrayList<>();
    for (long number : numbers) {
      Keys.Life life = keys.in(number);
      assertThat(Keys.lifeIn(keys.life(number))).isEqualTo(number);
      assertThat(Keys.nameIn(keys.life(number))).isEqualTo(Keys.name(id));
      assertThat(Keys.generationIn(life.generation(number))).isEqualTo(number);
      assertThat(Keys.firstIn(life.segment(number))).isEqualTo(number);
      assertThat(Keys.madeForIn(life.chunk(1, 2, number, new UUID(3, 4)))).isEqualTo(number);
      assertThat(Keys.madeForIn(life.checkpoint(1, number, new UUID(3, 4)))).isEqualTo(number);
      assertThat(keys.lifeOf(life.segment(1))).isEqualTo(number);
      generations.add(0, keys.in(1).generation(number));
      segments.add(keys.in(1).segment(number));
    }
    assertThat(generations).isSorted();
    assertThat(segments).isSorted();
    assertThat(Keys.after(Keys.name(id))).isGreaterThan(keys.life(1));
  }
}
