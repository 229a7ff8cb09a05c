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

/**
 * Where a tail starts, what it lets through and where it ends. Immutable.
 *
 * <p>The values given for one field are alternatives, the fields are conditions that must all hold
 * (clause TAIL-5). An agent {@code x} is the actor {@code agent:x}.
 *
 * @param start where to start
 * @param actors actors to let through; empty for all
 * @param types types to let through; empty for all
 * @param producers producer ids to let through; empty for all
 * @param limit ends the tail after so many events
 * @param follow whether to wait for events to come; else the tail ends at the last event there was
 *     when it was opened
 * @param incarnation the life of the session that the cursor is from
 */
public record TailOptions(
    TailStart start,
    Set<String> actors,
    Set<String> types,
    Set<String> producers,
    OptionalLong limit,
    boolean follow,
    Optional<String> incarnation) {

  /** Checks the ranges. */
  public TailOptions {
    Objects.requireNonNull(start, "start");
    actors = copy("actors", actors);
    types = copy("types", types);
    producers = copy("producers", producers);
    if (Objects.requireNonNull(limit, "limit").isPresent() && limit.getAsLong() < 1) {
      throw Limits.invalid("limit is " + limit.getAsLong() + "; it must be at least 1");
    }
    Objects.requireNonNull(incarnation, "incarnation");
  }

  /**
   * Delivers every event after a cursor and follows what comes.
   *
   * @param cursor the last seq that is not wanted; 0 to start at the first event
   * @return options to build upon
   * @throws SessionLogException {@code INVALID} if the cursor is negative
   */
  public static TailOptions from(long cursor) {
    return from(new TailStart.AfterCursor(cursor));
  }

  /**
   * Delivers the last events that there are, and follows what comes. They are counted before any
   * filter is applied.
   *
   * @param events so many from the end; 0 for none but those to come
   * @return options to build upon
   * @throws SessionLogException {@code INVALID} if the number is negative
   */
  public static TailOptions fromLatest(long events) {
    return from(new TailStart.Latest(events));
  }

  /**
   * Delivers the events that were stored at a time or later, and follows what comes.
   *
   * @param time compared with {@link Event#insertedAt()}
   * @return options to build upon
   */
  public static TailOptions fromTime(Instant time) {
    return from(new TailStart.AtTime(time));
  }

  private static TailOptions from(TailStart start) {
    return new TailOptions(
        start, Set.of(), Set.of(), Set.of(), OptionalLong.empty(), true, Optional.empty());
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
        new TailStart.AfterCursor(cursor), actors, types, producers, limit, follow, incarnation);
  }

  /**
   * Starts behind a saved cursor, and demands the life of the session that it is from.
   *
   * @param saved where to go on
   * @return a copy
   */
  public TailOptions withCursor(SavedCursor saved) {
    Objects.requireNonNull(saved, "saved");
    return withCursor(saved.seq()).withIncarnation(saved.incarnation());
  }

  /**
   * Lets through the events of these actors, beside the actors and agents named before: an event of
   * any one of them passes.
   *
   * @param names actors, such as {@code user:u1}
   * @return a copy
   */
  public TailOptions withActors(String... names) {
    return new TailOptions(
        start, with(actors, "names", names), types, producers, limit, follow, incarnation);
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
    return new TailOptions(
        start,
        with(actors, each -> EventRules.agent("a value in names", each), "names", names),
        types,
        producers,
        limit,
        follow,
        incarnation);
  }

  /**
   * Lets through the events of these types, beside those named before.
   *
   * @param names types, such as {@code message}
   * @return a copy
   */
  public TailOptions withTypes(String... names) {
    return new TailOptions(
        start, actors, with(types, "names", names), producers, limit, follow, incarnation);
  }

  /**
   * Lets through the events of these producers, beside those named before.
   *
   * @param ids producer ids
   * @return a copy
   */
  public TailOptions withProducers(String... ids) {
    return new TailOptions(
        start, actors, types, with(producers, "ids", ids), limit, follow, incarnation);
  }

  /**
   * Ends the tail after so many events.
   *
   * @param events at least 1
   * @return a copy
   * @throws SessionLogException {@code INVALID} if it is less than 1
   */
  public TailOptions withLimit(long events) {
    return new TailOptions(
        start, actors, types, producers, OptionalLong.of(events), follow, incarnation);
  }

  /**
   * Ends the tail at the last event that there is when it is opened.
   *
   * @return a copy
   */
  public TailOptions withoutFollowing() {
    return new TailOptions(start, actors, types, producers, limit, false, incarnation);
  }

  /**
   * Demands the life of the session that the cursor was taken from, since an old cursor would
   * silently fit a new life of the same id (clause SES-7).
   *
   * @param value {@link Session#incarnation()} or {@link Tail#incarnation()}
   * @return a copy
   */
  public TailOptions withIncarnation(String value) {
    return new TailOptions(
        start,
        actors,
        types,
        producers,
        limit,
        follow,
        Optional.of(Objects.requireNonNull(value, "incarnation")));
  }

  private static Set<String> with(Set<String> values, String name, String... more) {
    return with(values, UnaryOperator.identity(), name, more);
  }

  private static Set<String> with(
      Set<String> values, UnaryOperator<String> change, String name, String... more) {
    Set<String> all = new LinkedHashSet<>(values);
    for (String each : Objects.requireNonNull(more, name)) {
      all.add(change.apply(Objects.requireNonNull(each, "a value in " + name)));
    }
    return Collections.unmodifiableSet(all);
  }

  private static Set<String> copy(String name, Set<String> values) {
    for (String each : Objects.requireNonNull(values, name)) {
      Limits.requireString(
          "a value in " + name, Objects.requireNonNull(each, "a value in " + name));
    }
    return Set.copyOf(values);
  }
}
