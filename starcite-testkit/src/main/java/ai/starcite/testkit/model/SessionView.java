package ai.starcite.testkit.model;

import ai.starcite.Json;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a session shows, without what a model cannot know.
 *
 * @param life the number of its incarnation, in the order of their creation
 * @param times whether its times are as the ones seen before have it
 */
record SessionView(
    String id,
    Optional<String> title,
    Meaning metadata,
    long version,
    boolean archived,
    boolean sealed,
    int life,
    OptionalLong lastSeq,
    Times times) {

  /** JSON that is equal to all other JSON of the same value. */
  record Meaning(Json json) {
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Meaning other && json.sameValue(other.json);
    }

    @Override
    public int hashCode() {
      return 0;
    }

    @Override
    public String toString() {
      return json.toString();
    }
  }

  /** How times stand to those that were seen before. */
  enum Times {
    RIGHT,
    CREATED_AT_CHANGED,
    UPDATED_AT_CHANGED_WITHOUT_VERSION,
    WENT_BACK,
    CHANGED_ON_REREAD
  }

  SessionView listed() {
    return new SessionView(
        id, title, metadata, version, archived, sealed, life, OptionalLong.empty(), times);
  }

  @Override
  public String toString() {
    return "%s version=%d%s%s%s%s %s life=%d%s"
        .formatted(
            id,
            version,
            lastSeq.isPresent() ? " lastSeq=" + lastSeq.getAsLong() : "",
            archived ? " archived" : "",
            sealed ? " sealed" : "",
            title.map(text -> " title=" + text).orElse(""),
            metadata,
            life,
            times == Times.RIGHT ? "" : " times=" + times);
  }
}
