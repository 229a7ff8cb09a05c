package ai.starcite;

import ai.starcite.internal.Limits;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a tail starts, what it lets through and where it ends. Immutable.
 *
 * <p>The values given for one field are alternatives, the fields are conditions that must all hold
 * (clause TAIL-5). An agent {@code x} is the actor {@code agent:x}.
 */
public final class TailOptions {
  private final Start start;
  private final Set<String> actors;
  private final Set<String> types;
  private final Set<String> producers;
  private final long limit;
  private final boolean follow;
  private final @Nullable String incarnation;

  /** Where a tail starts (clause TAIL-6). */
  public sealed interface Start {
    /**
     * After an event.
     *
     * @param seq the last seq that is not wanted; 0 to start at the first event
     */
    record After(long seq) implements Start {
      /** Checks the range. */
      public After {
        Limits.requireNotNegative("cursor", seq);
      }
    }

    /**
     * So many events before the end.
     *
     * @param events the number, counted before any filter; 0 for new events only
     */
    record Latest(long events) implements Start {
      /** Checks the range. */
      public Latest {
        Limits.requireNotNegative("events", events);
      }
    }

    /**
     * At the first event that was stored at a time or later. A few reads find it, however long the
     * session is.
     *
     * @param time compared with {@link Event#insertedAt()}
     */
    record AtTime(Instant time) implements Start {
      /** Checks that there is a time. */
      public AtTime {
        Objects.requireNonNull(time, "time");
      }
    }
  }

  private TailOptions(
      Start start,
      Set<String> actors,
      Set<String> types,
      Set<String> producers,
      long limit,
      boolean follow,
      @Nullable String incarnation) {
    this.start = start;
    this.actors = actors;
    this.types = types;
    this.producers = producers;
    this.limit = limit;
    this.follow = follow;
    this.incarnation = incarnation;
  }

  private static TailOptions from(Start start) {
    return new TailOptions(start, Set.of(), Set.of(), Set.of(), 0, true, null);
  }

  /**
   * Starts after a cursor, then follows new events.
   *
   * @param cursor the last seq that is not wanted; 0 to start at the first event
   * @return options to build upon
   * @throws SessionLogException {@code INVALID} if the cursor is negative
   */
  public static TailOptions from(long cursor) {
    return from(new Start.After(cursor));
  }

  /**
   * Starts after a cursor, then follows new events. If the cursor has an incarnation, the session
   * must have it.
   *
   * @param cursor where to go on
   * @return options to build upon
   */
  public static TailOptions from(Cursor cursor) {
    return from(0).withCursor(cursor);
  }

  /**
   * Starts {@code events} before the end, then follows new events. They are counted before any
   * filter is applied.
   *
   * @param events how many; 0 for new events only
   * @return options to build upon
   * @throws SessionLogException {@code INVALID} if the number is negative
   */
  public static TailOptions fromLatest(long events) {
    return from(new Start.Latest(events));
  }

  /**
   * Starts at the first event that was stored at a time or later, then follows new events.
   *
   * @param time compared with {@link Event#insertedAt()}
   * @return options to build upon
   */
  public static TailOptions fromTime(Instant time) {
    return from(new Start.AtTime(time));
  }

  /**
   * Starts elsewhere, and is the same otherwise.
   *
   * @param cursor the last seq that is not wanted; 0 to start at the first event
   * @return a copy
   * @throws SessionLogException {@code INVALID} if the cursor is negative
   */
  public TailOptions withCursor(long cursor) {
    return new TailOptions(
        new Start.After(cursor), actors, types, producers, limit, follow, incarnation);
  }

  /**
   * Starts elsewhere, and is the same otherwise. If the cursor has an incarnation, the session must
   * have it.
   *
   * @param cursor where to go on
   * @return a copy
   */
  public TailOptions withCursor(Cursor cursor) {
    TailOptions moved = withCursor(Objects.requireNonNull(cursor, "cursor").seq());
    return cursor.incarnation().map(moved::withIncarnation).orElse(moved);
  }

  /**
   * Lets through the events of these actors, beside the actors and agents named before: an event of
   * any one of them passes.
   *
   * @param names actors, such as {@code user:u1}
   * @return a copy
   */
  public TailOptions withActors(String... names) {
    Set<String> more = with(actors, UnaryOperator.identity(), "names", names);
    return new TailOptions(start, more, types, producers, limit, follow, incarnation);
  }

  /**
   * Lets through the events of these agents, beside the actors and agents named before: an event of
   * any one of them passes.
   *
   * @param names agents: {@code drafter} means the actor {@code agent:drafter}
   * @return a copy
   * @throws SessionLogException {@code INVALID} if a name begins with {@code agent:}
   */
  public TailOptions withAgents(String... names) {
    Set<String> more =
        with(actors, each -> EventRules.agent("a value in names", each), "names", names);
    return new TailOptions(start, more, types, producers, limit, follow, incarnation);
  }

  /**
   * Lets through the events of these types, beside those named before.
   *
   * @param names types, such as {@code message}
   * @return a copy
   */
  public TailOptions withTypes(String... names) {
    Set<String> more = with(types, UnaryOperator.identity(), "names", names);
    return new TailOptions(start, actors, more, producers, limit, follow, incarnation);
  }

  /**
   * Lets through the events of these producers, beside those named before.
   *
   * @param ids producer ids
   * @return a copy
   */
  public TailOptions withProducers(String... ids) {
    Set<String> more = with(producers, UnaryOperator.identity(), "ids", ids);
    return new TailOptions(start, actors, types, more, limit, follow, incarnation);
  }

  /**
   * Ends the tail after so many events.
   *
   * @param events at least 1
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is less than 1
   */
  public TailOptions withLimit(long events) {
    if (events < 1) {
      throw Limits.invalid("limit is " + events + "; it must be at least 1");
    }
    return new TailOptions(start, actors, types, producers, events, follow, incarnation);
  }

  /**
   * Ends the tail at the event that is the last one when the tail is opened.
   *
   * @return a copy
   */
  public TailOptions withoutFollowing() {
    return new TailOptions(start, actors, types, producers, limit, false, incarnation);
  }

  /**
   * Demands the incarnation of the session that the cursor was taken from, since an old cursor
   * would silently fit a new session of the same id (clause SES-7).
   *
   * @param value what {@link Session#incarnation()} returned
   * @return a copy
   */
  public TailOptions withIncarnation(String value) {
    Objects.requireNonNull(value, "incarnation");
    return new TailOptions(start, actors, types, producers, limit, follow, value);
  }

  /**
   * Returns where to start.
   *
   * @return the start
   */
  public Start start() {
    return start;
  }

  /**
   * Returns the actors to let through, agents among them.
   *
   * @return an unmodifiable set, empty for all
   */
  public Set<String> actors() {
    return actors;
  }

  /**
   * Returns the types to let through.
   *
   * @return an unmodifiable set, empty for all
   */
  public Set<String> types() {
    return types;
  }

  /**
   * Returns the producer ids to let through.
   *
   * @return an unmodifiable set, empty for all
   */
  public Set<String> producers() {
    return producers;
  }

  /**
   * Returns after how many events the tail ends.
   *
   * @return at least 1, or empty for no limit
   */
  public OptionalLong limit() {
    return limit == 0 ? OptionalLong.empty() : OptionalLong.of(limit);
  }

  /**
   * Returns whether the tail follows new events.
   *
   * @return true by default
   */
  public boolean follow() {
    return follow;
  }

  /**
   * Returns the incarnation that the session must have.
   *
   * @return the incarnation, or empty for any
   */
  public Optional<String> incarnation() {
    return Optional.ofNullable(incarnation);
  }

  private static Set<String> with(
      Set<String> values, UnaryOperator<String> change, String name, String... more) {
    Set<String> all = new LinkedHashSet<>(values);
    for (String each : Objects.requireNonNull(more, name)) {
      String value = change.apply(Objects.requireNonNull(each, "a value in " + name));
      Limits.requireString("a value in " + name, value);
      all.add(value);
    }
    return Collections.unmodifiableSet(all);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof TailOptions other
        && start.equals(other.start)
        && actors.equals(other.actors)
        && types.equals(other.types)
        && producers.equals(other.producers)
        && limit == other.limit
        && follow == other.follow
        && Objects.equals(incarnation, other.incarnation);
  }

  @Override
  public int hashCode() {
    return Objects.hash(start, actors, types, producers, limit, follow, incarnation);
  }

  @Override
  public String toString() {
    return ("TailOptions[start=%s, actors=%s, types=%s, producers=%s, limit=%s, follow=%s,"
            + " incarnation=%s]")
        .formatted(
            start, actors, types, producers, limit == 0 ? "none" : limit, follow, incarnation);
  }
}
