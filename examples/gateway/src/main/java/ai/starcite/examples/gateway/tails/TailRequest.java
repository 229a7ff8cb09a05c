package ai.starcite.examples.gateway.tails;

import ai.starcite.TailOptions;
import ai.starcite.examples.gateway.http.Numbers;
import ai.starcite.examples.gateway.http.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a request for a tail asks for.
 *
 * @param sessionId the session's id in the log
 * @param cursor the last seq that the client has
 * @param options where the tail starts, what it lets through and where it ends
 * @param batchSize how many events a frame may have
 * @param limit how many events a page may have
 * @param patience how long a page waits for its first event
 */
record TailRequest(
    String sessionId,
    long cursor,
    TailOptions options,
    int batchSize,
    int limit,
    Duration patience) {
  private static final int MAX_EVENTS = 1_000;
  private static final int MAX_WAIT_SECONDS = 60;

  static TailRequest of(String sessionId, Map<String, List<String>> query) {
    long cursor = Numbers.parse(first(query, "cursor", "0"), "invalid_cursor", "cursor");
    int batchSize =
        Numbers.within(
            first(query, "batch_size", "1"), 1, MAX_EVENTS, "invalid_limit", "batch_size");
    int limit =
        Numbers.within(first(query, "limit", "100"), 1, MAX_EVENTS, "invalid_limit", "limit");
    int wait =
        Numbers.within(first(query, "wait", "0"), 0, MAX_WAIT_SECONDS, "invalid_limit", "wait");
    TailOptions options =
        Problem.naming("invalid_list_query", () -> options(TailOptions.from(cursor), query));
    return new TailRequest(sessionId, cursor, options, batchSize, limit, Duration.ofSeconds(wait));
  }

  private static TailOptions options(TailOptions from, Map<String, List<String>> query) {
    TailOptions options = from.withAgents(all(query, "agent")).withTypes(all(query, "type"));
    List<String> incarnation = query.get("incarnation");
    if (incarnation != null) {
      options = options.withIncarnation(incarnation.get(0));
    }
    return switch (first(query, "follow", "true")) {
      case "true" -> options;
      case "false" -> options.withoutFollowing();
      default -> throw new Problem(400, "invalid_list_query", "follow must be true or false");
    };
  }

  TailRequest withCursor(long newCursor) {
    return new TailRequest(
        sessionId, newCursor, options.withCursor(newCursor), batchSize, limit, patience);
  }

  private static String first(Map<String, List<String>> query, String name, String other) {
    List<String> values = query.get(name);
    return values == null ? other : values.get(0);
  }

  private static String[] all(Map<String, List<String>> query, String name) {
    return query.getOrDefault(name, List.of()).toArray(String[]::new);
  }
}
