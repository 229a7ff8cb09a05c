package ai.starcite.store.s3.internal.protocol;

import ai.starcite.spi.Segment;
import ai.starcite.spi.SessionRecord;
import ai.starcite.spi.StoredSession;
import ai.starcite.store.s3.internal.format.Chunk;
import ai.starcite.store.s3.internal.format.Entry;
import ai.starcite.store.s3.internal.format.Keys;
import ai.starcite.store.s3.internal.format.Life;
import ai.starcite.store.s3.internal.format.Manifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The true state of one life of a session: see {@link Truth}. */
final class TrueLife {
  private final long number;
  private final Keys.Life keys;
  private final SimulatedObjects objects;
  private final NavigableMap<Long, Entry> log = new TreeMap<>();
  private final List<Manifest> generations = new ArrayList<>();
  private final Map<UUID, Object> intentions = new HashMap<>();
  private final Map<Object, Long> places = new HashMap<>();
  private final Map<UUID, String> never = new HashMap<>();

  /** The keys of segments and chunks, cached because they are slow to format. */
  private final Map<Object, String> keysOf = new HashMap<>();

  private final Set<Manifest.ChunkRef> verified = new HashSet<>();
  private long next = 1;
  private @Nullable Entry terminal;
  private boolean isCreated;
  private boolean isDeletionAsked;
  private boolean isDeleted;
  private boolean isSealAcknowledged;

  TrueLife(long number, Keys.Life keys, SimulatedObjects objects, SessionRecord created) {
    this.number = number;
    this.keys = keys;
    this.objects = objects;
    generations.add(Manifest.created(Life.of(created), created));
  }

  long number() {
    return number;
  }

  Keys.Life keys() {
    return keys;
  }

  long next() {
    return next;
  }

  int generation() {
    return generations.size() - 1;
  }

  boolean sealIsAcknowledged() {
    return isSealAcknowledged;
  }

  /** Returns how many entries a reader can see. */
  int size() {
    return log.size();
  }

  // What is stored.

  void storedEntry(Entry entry) {
    if (entry.first() > next) {
      throw new Violation("stored at seq %d, though the next is %d".formatted(entry.first(), next));
    }
    if (entry.first() < next || terminal != null) {
      return; // Nobody will read it: a late or lost one below the boundary, or behind the end.
    }
    Object intention = intentions.get(entry.token());
    if (intention != null && places.putIfAbsent(intention, next) != null) {
      throw new Violation(
          "stored twice: at seq %d, and at %d".formatted(places.get(intention), next));
    }
    checkAllowed(entry.token());
    if (!entry.isDeletion()) {
      log.put(entry.first(), entry);
      keysOf.put(entry, keys.segment(entry.first()));
    }
    next = entry.nextSeq();
    terminal = entry.isTerminal() ? entry : null;
  }

  void storedGeneration(long number, Manifest manifest) {
    if (number > generations.size()) {
      throw new Violation("generation %d follows %d".formatted(number, generation()));
    }
    if (number < generations.size()) {
      return; // A late one, of a number that was reclaimed.
    }
    Manifest last = generations.get(generation());
    long version = last.record().version();
    if (!manifest.record().equals(last.record()) && manifest.record().version() != version + 1) {
      throw new Violation(
          "an update was lost or repeated: version %d follows %d"
              .formatted(manifest.record().version(), version));
    }
    if (last.deleted() && !manifest.deleted()) {
      throw new Violation("a generation undoes a deletion");
    }
    if (last.record().sealed() && !manifest.record().sealed()) {
      throw new Violation("a generation breaks a seal");
    }
    if (manifest.boundary() < last.boundary()) {
      throw new Violation("the boundary goes back");
    }
    if (!manifest.record().equals(last.record())) {
      checkAllowed(manifest.record().token());
    }
    generations.add(manifest);
  }

  private void checkAllowed(UUID token) {
    if (never.containsKey(token)) {
      throw new Violation("stored after all, though it " + never.get(token));
    }
  }

  /** Checks that the highest lives match what was promised. */
  void checkNamed(boolean isNamed) {
    if (isCreated && !isDeletionAsked && !isNamed) {
      throw new Violation("a session that lives is not found any more");
    }
    if (isDeleted && isNamed) {
      throw new Violation("a session that was deleted lives again");
    }
  }

  /** Checks that everything of this life, which is the current one, is still stored. */
  void checkStored() {
    if (isDeletionAsked || (terminal != null && terminal.isDeletion())) {
      return;
    }
    String top = objects.contents().ceilingKey(keys.generations());
    boolean any = top != null && top.startsWith(keys.generations());
    long stored = any ? Keys.generationIn(top) : 0;
    if (stored != generation()) {
      throw new Violation("the newest generation is %d, not %d".formatted(generation(), stored));
    }
    Manifest newest = generations.get(generation());
    long seq = 1;
    for (Manifest.ChunkRef chunk : newest.chunks()) {
      if (chunk.first() != seq) {
        throw new Violation("no chunk holds seq %d, below the boundary".formatted(seq));
      }
      checkChunk(chunk);
      seq = chunk.last() + 1;
    }
    newest
        .checkpoint()
        .map(this::keyOf)
        .filter(key -> !key.isEmpty() && !objects.contents().containsKey(key))
        .ifPresent(
            key -> {
              throw new Violation(
                  "the newest generation needs a checkpoint that is gone: "
                      + Transcript.brief(key));
            });
    if (seq != newest.boundary()) {
      throw new Violation("chunks end at %d, not at the boundary".formatted(seq));
    }
    for (Entry entry : log.tailMap(newest.boundary()).values()) {
      SimulatedObjects.Stored found = objects.contents().get(keysOf.get(entry));
      if (found == null || !Arrays.equals(found.bytes(), entry.bytes())) {
        throw new Violation(
            "seq %d is %s, at or above the boundary"
                .formatted(entry.first(), found == null ? "gone" : "another"));
      }
    }
  }

  /** Returns whether the newest generation refers to an object. */
  boolean needs(String key) {
    Manifest newest = generations.get(generation());
    if (key.startsWith(keys.segments())) {
      return Keys.firstIn(key) >= newest.boundary();
    } else if (key.startsWith(keys.generations())) {
      return Keys.generationIn(key) == generation();
    } else if (key.startsWith(keys.chunks())) {
      return newest.chunks().stream().anyMatch(chunk -> keyOf(chunk).equals(key));
    }
    return newest.checkpoint().map(this::keyOf).filter(key::equals).isPresent();
  }

  private String keyOf(Manifest.CheckpointRef ref) {
    return ref.inline() == null
        ? keys.checkpoint(ref.nextSeq(), ref.generation(), ref.token())
        : "";
  }

  private String keyOf(Manifest.ChunkRef ref) {
    return keysOf.computeIfAbsent(
        ref, any -> keys.chunk(ref.first(), ref.last(), ref.generation(), ref.token()));
  }

  private void checkChunk(Manifest.ChunkRef ref) {
    String key = keyOf(ref);
    SimulatedObjects.Stored stored = objects.contents().get(key);
    if (stored == null) {
      throw new Violation(
          "the newest generation %d needs a chunk that is gone: %s"
              .formatted(generation(), Transcript.brief(key)));
    }
    if (verified.add(ref)) {
      long seq = ref.first();
      for (Segment segment : Chunk.fromBytes(stored.bytes()).segments()) {
        checkTrue(seq, segment);
        seq = segment.nextSeq();
      }
      if (seq != ref.last() + 1) {
        throw new Violation("a chunk ends before seq " + seq);
      }
    }
  }

  private void checkTrue(long seq, Segment segment) {
    Entry entry = log.get(seq);
    if (entry == null || !Arrays.equals(entry.bytes(), segment.bytes())) {
      throw new Violation("at seq %d %s is not in the log".formatted(seq, segment));
    }
  }

  // What is promised.

  void created() {
    isCreated = true;
  }

  void askDeletion() {
    isDeletionAsked = true;
  }

  void deleted() {
    isDeleted = true;
  }

  /** Claims a token for an intention, of which at most one may be stored. */
  void register(UUID token, Object intention) {
    intentions.put(token, intention);
  }

  void neverStored(UUID token, String why) {
    never.put(token, why);
    if (log.values().stream().anyMatch(entry -> entry.token().equals(token))
        || generations.stream().anyMatch(each -> each.record().token().equals(token))) {
      throw new Violation("stored, though it " + why);
    }
  }

  // What is answered.

  void checkAppended(Segment segment) {
    Entry entry = log.get(segment.firstSeq());
    if (entry == null || !entry.token().equals(segment.token())) {
      throw new Violation("acknowledged, but not in the log: " + segment);
    }
    isSealAcknowledged |= segment.seals();
  }

  void checkUpdated(SessionRecord record) {
    if (generations.stream().noneMatch(each -> each.record().equals(record))) {
      throw new Violation("acknowledged, but in no generation: version " + record.version());
    }
  }

  /**
   * Checks a refused update: the record that it was told must have been the stored one meanwhile.
   */
  void checkInTheWay(int since, SessionRecord current, long expected) {
    boolean known = generations.stream().skip(since).anyMatch(g -> g.record().equals(current));
    if (!known || current.version() == expected) {
      throw new Violation(
          "an update of version %d was refused for version %d, which is not the stored one"
              .formatted(expected, current.version()));
    }
  }

  void checkRefused(Set<UUID> tokens, String what) {
    checkSealed();
    tokens.forEach(token -> neverStored(token, "was refused as " + what));
  }

  void checkSealed() {
    if (terminal == null) {
      throw new Violation("said to be sealed, but it is not");
    }
  }

  void checkGone(String what) {
    if (isCreated && !isDeletionAsked) {
      throw new Violation(what + " does not find a session that lives");
    }
  }

  void checkLoaded(Truth.Moment before, StoredSession loaded) {
    if (loaded.nextSeq() < before.next() || loaded.nextSeq() > next) {
      throw new Violation(
          "loaded with next seq %d, though it was from %d to %d"
              .formatted(loaded.nextSeq(), before.next(), next));
    }
    loaded
        .checkpoint()
        .ifPresent(found -> TrueCheckpoint.check(keys.prefix(), found, loaded.nextSeq()));
  }

  void checkRecord(Truth.Moment before, SessionRecord record) {
    if (generations.stream().skip(before.generation()).noneMatch(g -> g.record().equals(record))) {
      throw new Violation("shown with a record that was not the stored one");
    }
    if (before.sealed() && !record.sealed()) {
      throw new Violation("shown as open, though it was sealed before");
    }
  }

  void checkRead(long from, int sizeBefore, List<Segment> segments) {
    if (segments.isEmpty() && sizeBefore > log.headMap(from).size()) {
      throw new Violation("seq %d was read as the head, but the next is %d".formatted(from, next));
    }
    long seq = segments.isEmpty() ? from : segments.get(0).firstSeq();
    if (seq > from || (!segments.isEmpty() && segments.get(0).nextSeq() < from)) {
      throw new Violation("a read from seq %d begins at %d".formatted(from, seq));
    }
    for (Segment segment : segments) {
      checkTrue(seq, segment);
      seq = segment.nextSeq();
    }
  }
}
