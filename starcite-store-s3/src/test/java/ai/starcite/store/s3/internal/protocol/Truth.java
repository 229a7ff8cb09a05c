package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.SessionKey;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoredSession;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Life;
import ai.starcite.store.s3.internal.format.Manifest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The true state of a session, known from every change of the object store at the moment it is
 * made. Each change is checked, and so are the store's answers: an answer must have been true at
 * some moment between question and answer.
 */
final class Truth implements SimulatedObjects.Witness {
  private final SimulatedObjects objects;
  private final Keys.Of keys;
  private final String id;

  /** The lives that were the highest when they began, in order; the first has number 1. */
  private final Map<String, TrueLife> byIncarnation = new HashMap<>();

  private final Map<Long, TrueLife> byNumber = new HashMap<>();
  private final Set<String> neverCreated = new HashSet<>();
  private long highest;

  /** The true state when a call began. */
  record Moment(@Nullable TrueLife life, long highest, long next, int generation, boolean sealed) {}

  Truth(SimulatedObjects objects, String id) {
    this.objects = objects;
    this.id = id;
    this.keys = Keys.of(id);
  }

  /** Returns whether a key is one of this session. */
  boolean owns(String key) {
    return key.startsWith(keys.lives()) || key.startsWith(keys.data());
  }

  @Override
  public void stored(String key, byte[] bytes) {
    if (key.startsWith(keys.lives())) {
      storedLife(Keys.lifeIn(key), bytes);
    } else {
      TrueLife life = byNumber.get(keys.lifeOf(key));
      if (life == null) {
        throw new Violation("something was stored for a life that never began: " + key);
      }
      String kind = key.substring(life.keys().prefix().length()).substring(0, 2);
      switch (kind) {
        case "w/" -> {
          life.storedEntry(Entry.fromBytes(id, Keys.firstIn(key), bytes));
          return;
        }
        case "m/" -> life.storedGeneration(Keys.generationIn(key), Manifest.fromBytes(bytes));
        case "c/", "k/" -> {
          return;
        }
        default -> throw new Violation("a key of no kind: " + key);
      }
    }
    check();
  }

  @Override
  public void deleted(String key) {
    check();
  }

  private void storedLife(long number, byte[] bytes) {
    if (number <= highest) {
      return;
    }
    if (number != highest + 1) {
      throw new Violation("life %d follows life %d".formatted(number, highest));
    }
    highest = number;
    Optional<SessionRecord> record = Life.fromBytes(bytes).record();
    if (record.isPresent() != (number % 2 == 1)) {
      throw new Violation("life %d has the number of another kind".formatted(number));
    }
    if (record.isPresent()) {
      TrueLife life = new TrueLife(number, keys.in(number), objects, record.get());
      byNumber.put(number, life);
      byIncarnation.put(record.get().key().incarnation(), life);
      if (neverCreated.contains(record.get().key().incarnation())) {
        throw new Violation("a session that was refused to be created lives");
      }
    }
  }

  /** Returns the life that the object store names, if there is one. */
  private @Nullable TrueLife named() {
    String first = objects.contents().ceilingKey(keys.lives());
    if (first == null || !first.startsWith(keys.lives())) {
      return null;
    }
    return byNumber.get(Keys.lifeIn(first));
  }

  /** Checks what is stored now. */
  private void check() {
    TrueLife named = named();
    for (TrueLife life : byIncarnation.values()) {
      life.checkNamed(life == named);
    }
    if (named != null) {
      named.checkStored();
    }
  }

  /** Returns the life of an incarnation, which must have begun. */
  TrueLife life(SessionKey key) {
    TrueLife life = byIncarnation.get(key.incarnation());
    if (life == null) {
      throw new Violation("a life that never began is said to be: " + key.incarnation());
    }
    return life;
  }

  /** Returns the current state. */
  Moment moment() {
    TrueLife life = named();
    return life == null
        ? new Moment(null, highest, 0, 0, false)
        : new Moment(life, highest, life.next(), life.generation(), life.sealIsAcknowledged());
  }

  void checkLoaded(Moment before, Optional<StoredSession> loaded) {
    if (loaded.isEmpty()) {
      checkMissing(before, "a load");
    } else {
      Moment since = checkRecord(before, loaded.get().record());
      life(loaded.get().record().key()).checkLoaded(since, loaded.get());
    }
  }

  void checkMissing(Moment before, String what) {
    if (before.life() != null) {
      before.life().checkGone(what);
    }
  }

  /**
   * Checks a record that was shown: it was the stored one meanwhile. Returns when its life first
   * existed.
   */
  Moment checkRecord(Moment before, SessionRecord record) {
    TrueLife life = life(record.key());
    if (before.life() != life && life.number() <= before.highest()) {
      throw new Violation("a session was found whose life was over before");
    }
    Moment since = before.life() == life ? before : new Moment(life, life.number(), 1, 0, false);
    life.checkRecord(since, record);
    return since;
  }

  /** Checks which session a refused create was told is in the way. */
  void checkExists(Moment before, SessionRecord existing) {
    TrueLife life = life(existing.key());
    if (life != before.life() && life.number() <= before.highest()) {
      throw new Violation("a create was refused for a session whose life was over before");
    }
  }

  void checkCreated(SessionRecord record) {
    TrueLife life = life(record.key());
    life.created();
    check();
  }

  /** Notes that a session will never exist. */
  void neverCreated(SessionRecord record) {
    neverCreated.add(record.key().incarnation());
    if (byIncarnation.containsKey(record.key().incarnation())) {
      throw new Violation("a session that was refused to be created lives");
    }
  }

  void deleted(TrueLife life) {
    life.deleted();
    check();
  }

  /** Checks that nothing unneeded is left, which takes some time. */
  void checkNothingLeft() {
    TrueLife named = named();
    long lives =
        objects.contents().keySet().stream().filter(k -> k.startsWith(keys.lives())).count();
    if (lives > 1) {
      throw new Violation("%d lives are left".formatted(lives));
    }
    for (String key : objects.contents().keySet()) {
      if (key.startsWith(keys.data()) && (named == null || !named.needs(key))) {
        throw new Violation("nobody needs what is left: " + Transcript.brief(key));
      }
    }
  }
}
