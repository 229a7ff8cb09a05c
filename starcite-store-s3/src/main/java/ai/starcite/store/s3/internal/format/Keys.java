package ai.starcite.store.s3.internal.format;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of all objects, relative to the prefix of the store. A life is one incarnation of a
 * session id; lives and generations are numbered. Where the highest number is wanted first, the key
 * holds its difference to the largest number, so that a listing begins with it.
 *
 * <pre>
 * s/ID/LIFE                              a life of a session, or a tombstone
 * d/HASH/ID/LIFE/m/GENERATION            a manifest
 * d/HASH/ID/LIFE/w/FIRST                 a segment
 * d/HASH/ID/LIFE/c/FIRST-LAST-GEN-TOKEN  a chunk, made for that generation
 * d/HASH/ID/LIFE/k/SEQ-GEN-TOKEN         a checkpoint, made for that generation
 * </pre>
 */
public final class Keys {
  public static final String LIVES = "s/";
  static final String DATA = "d/";

  /** The longest name of a session in a key. */
  static final int NAME_BYTES = 200;

  private static final int DIGITS = 19;
  private static final int HASH_BYTES = 24;
  private static final int HASH_CHARACTERS = HASH_BYTES * 4 / 3;

  /** Sorts after every name from which a listing may be continued. */
  private static final char LAST = '~';

  private static final String LARGEST = Long.toString(Long.MAX_VALUE);

  private static final Pattern FORM = form();

  private static Pattern form() {
    String name = "[A-Za-z0-9%~_-]{1," + NAME_BYTES + "}";
    String number = "(\\d{" + DIGITS + "})";
    String token = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    String life = name + "/" + number;
    String chunk = number + "-" + number + "-" + number + "-" + token;
    String checkpoint = number + "-" + number + "-" + token;
    return Pattern.compile(
        (LIVES + life + "|" + DATA + "[0-9A-F]{2}/" + life)
            + ("/(?:[mw]/" + number + "|c/" + chunk + "|k/" + checkpoint + ")"));
  }

  private Keys() {}

  /**
   * Returns whether the store may have made a key. Nothing else should be stored under its prefix,
   * but some servers list unfinished uploads under names of their own.
   */
  public static boolean isKey(String key) {
    Matcher matcher = FORM.matcher(key);
    if (!matcher.matches()) {
      return false;
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      String number = matcher.group(group);
      if (number != null && number.compareTo(LARGEST) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the keys of a session id. */
  public static Of of(String sessionId) {
    return named(name(sessionId));
  }

  /** Returns the keys of the session id with this name. */
  public static Of named(String name) {
    return new Of(name, DATA + spread(name) + "/" + name + "/");
  }

  /**
   * Returns the name of an id in keys. Bytes other than letters, digits, {@code -} and {@code _}
   * are written as {@code %XX}; a name that gets too long is cut, and ends with {@code ~} and a
   * hash of the id.
   */
  public static String name(String sessionId) {
    String whole = encode(sessionId);
    return whole.length() <= NAME_BYTES
        ? whole
        : cut(whole) + LAST + hash(sessionId).substring(0, HASH_CHARACTERS);
  }

  /**
   * Returns the prefix that the names of all ids with a prefix share. Other names may have it too.
   */
  public static String namePrefix(String prefix) {
    String whole = encode(prefix);
    return whole.length() <= cutLength() ? whole : cut(whole);
  }

  private static int cutLength() {
    return NAME_BYTES - HASH_CHARACTERS - 1;
  }

  /** Cuts a name at a whole character of the encoding. */
  private static String cut(String encoded) {
    int end = cutLength();
    for (int back = 1; back <= 2; back++) {
      if (encoded.charAt(end - back) == '%') {
        return encoded.substring(0, end - back);
      }
    }
    return encoded.substring(0, end);
  }

  private static String encode(String id) {
    StringBuilder name = new StringBuilder();
    for (byte each : id.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (each >= 'a' && each <= 'z')
              || (each >= 'A' && each <= 'Z')
              || (each >= '0' && each <= '9')
              || each == '-'
              || each == '_';
      if (plain) {
        name.append((char) each);
      } else {
        name.append('%').append(hex(each >> 4)).append(hex(each));
      }
    }
    return name.toString();
  }

  private static char hex(int nibble) {
    return "0123456789ABCDEF".charAt(nibble & 15);
  }

  private static byte[] sha256(String id) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static String hash(String id) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(id));
  }

  private static String spread(String name) {
    byte first = sha256(name)[0];
    return "" + hex(first >> 4) + hex(first);
  }

  private static String ascending(long number) {
    return String.format("%0" + DIGITS + "d", number);
  }

  private static String descending(long number) {
    return ascending(Long.MAX_VALUE - number);
  }

  private static long fromDescending(String digits) {
    return Long.MAX_VALUE - Long.parseLong(digits);
  }

  /** Returns the name in the key of a life. */
  public static String nameIn(String lifeKey) {
    return lifeKey.substring(LIVES.length(), lifeKey.lastIndexOf('/'));
  }

  /** Returns the number in the key of a life. */
  public static long lifeIn(String lifeKey) {
    return fromDescending(last(lifeKey));
  }

  /** Returns the number in the key of a generation. */
  public static long generationIn(String manifestKey) {
    return fromDescending(last(manifestKey));
  }

  /** Returns the first seq in the key of a segment. */
  public static long firstIn(String segmentKey) {
    return Long.parseLong(last(segmentKey));
  }

  /** Returns the generation that a chunk or a checkpoint was made for. */
  public static long madeForIn(String key) {
    String name = last(key);
    int numbers = key.charAt(key.lastIndexOf('/') - 1) == 'c' ? 2 : 1;
    int at = numbers * (DIGITS + 1);
    return Long.parseLong(name, at, at + DIGITS, 10);
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** Returns the key to list after, to reach the next name. */
  public static String after(String name) {
    return LIVES + name + "/" + LAST;
  }

  /**
   * The keys of one session id.
   *
   * @param name the id in keys
   * @param data what the keys of all its lives begin with
   */
  public record Of(String name, String data) {
    public String lives() {
      return LIVES + name + "/";
    }

    public String life(long number) {
      return lives() + descending(number);
    }

    public Life in(long number) {
      return new Life(data + descending(number) + "/");
    }

    /** Returns the number of the life whose data a key belongs to. */
    public long lifeOf(String dataKey) {
      return fromDescending(dataKey.substring(data.length(), dataKey.indexOf('/', data.length())));
    }
  }

  /**
   * The keys of one life of a session.
   *
   * @param prefix what they begin with
   */
  public record Life(String prefix) {
    public String generations() {
      return prefix + "m/";
    }

    public String generation(long number) {
      return generations() + descending(number);
    }

    public String segments() {
      return prefix + "w/";
    }

    public String segment(long first) {
      return segments() + ascending(first);
    }

    public String chunks() {
      return prefix + "c/";
    }

    public String chunk(long first, long last, long generation, UUID token) {
      return chunks()
          + ascending(first)
          + "-"
          + ascending(last)
          + "-"
          + ascending(generation)
          + "-"
          + token;
    }

    public String checkpoints() {
      return prefix + "k/";
    }

    public String checkpoint(long nextSeq, long generation, UUID token) {
      return checkpoints() + ascending(nextSeq) + "-" + ascending(generation) + "-" + token;
    }
  }
}
