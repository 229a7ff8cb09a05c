package ai.starcite;

import ai.starcite.internal.Limits;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a session and a row of a listing have in common (clause SES-3). */
abstract sealed class SessionFields permits Session, SessionPage.Row {
  private final String id;
  private final @Nullable String title;
  private final Json metadata;
  private final Instant createdAt;
  private final Instant updatedAt;
  private final long version;
  private final boolean archived;
  private final boolean sealed;
  private final String incarnation;

  SessionFields(
      String id,
      @Nullable String title,
      Json metadata,
      Instant createdAt,
      Instant updatedAt,
      long version,
      boolean archived,
      boolean sealed,
      String incarnation) {
    this.id = Objects.requireNonNull(id, "id");
    this.title = title;
    this.metadata = Objects.requireNonNull(metadata, "metadata");
    this.createdAt = Objects.requireNonNull(createdAt, "createdAt");
    this.updatedAt = Objects.requireNonNull(updatedAt, "updatedAt");
    this.version = version;
    this.archived = archived;
    this.sealed = sealed;
    this.incarnation = Objects.requireNonNull(incarnation, "incarnation");
  }

  /**
   * Returns the id (clause SES-2).
   *
   * @return 1 to 256 bytes of UTF-8
   */
  public final String id() {
    return id;
  }

  /**
   * Returns the title.
   *
   * @return up to 1,024 characters, or empty if there is none
   */
  public final Optional<String> title() {
    return Optional.ofNullable(title);
  }

  /**
   * Returns the metadata.
   *
   * @return a JSON object of up to 64 KiB
   */
  public final Json metadata() {
    return metadata;
  }

  /**
   * Returns when the session was created.
   *
   * @return the time, in microseconds
   */
  public final Instant createdAt() {
    return createdAt;
  }

  /**
   * Returns when the session was last updated, archived, unarchived or sealed; appends do not
   * count.
   *
   * @return the time, in microseconds
   */
  public final Instant updatedAt() {
    return updatedAt;
  }

  /**
   * Returns the version: 1 at create, one more with every change of {@link #updatedAt}.
   *
   * @return at least 1
   */
  public final long version() {
    return version;
  }

  /**
   * Returns whether plain listings leave the session out.
   *
   * @return true if it is archived
   */
  public final boolean archived() {
    return archived;
  }

  /**
   * Returns whether the session takes no more events.
   *
   * @return true if it is sealed
   */
  public final boolean sealed() {
    return sealed;
  }

  /**
   * Returns the incarnation: random and made at create, it tells this session from an earlier or
   * later one of the same id.
   *
   * @return the incarnation
   */
  public final String incarnation() {
    return incarnation;
  }

  /**
   * Returns the wire form. A Jackson mapper of the application's own (2 or 3) writes this too.
   *
   * @return an object with the field names of the contract in snake_case
   */
  @JsonValue
  public final Json toJson() {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", id);
    if (title != null) {
      wire.put("title", title);
    }
    wire.put("metadata", metadata);
    wire.put("created_at", EventWire.time(createdAt));
    wire.put("updated_at", EventWire.time(updatedAt));
    wire.put("version", version);
    wire.put("archived", archived);
    wire.put("sealed", sealed);
    wire.put("incarnation", incarnation);
    lastSeqTo(wire);
    return Json.encode(wire);
  }

  /** Adds the last seq, if it is known. */
  void lastSeqTo(Map<String, Object> wire) {}

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof SessionFields other
        && getClass() == other.getClass()
        && id.equals(other.id)
        && Objects.equals(title, other.title)
        && metadata.equals(other.metadata)
        && createdAt.equals(other.createdAt)
        && updatedAt.equals(other.updatedAt)
        && version == other.version
        && archived == other.archived
        && sealed == other.sealed
        && incarnation.equals(other.incarnation);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, version, incarnation);
  }

  @Override
  public String toString() {
    return toJson().toString();
  }

  /** The wire form, as it is read. */
  record Wire(
      String id,
      @Nullable String title,
      Json metadata,
      String createdAt,
      String updatedAt,
      long version,
      boolean archived,
      boolean sealed,
      String incarnation,
      @Nullable Long lastSeq) {

    /** Reads the wire form, and refuses what no session can have (clause SES-3). */
    static Wire read(Json wire) {
      Wire read = Objects.requireNonNull(wire, "wire").as(Wire.class);
      Limits.requireSessionId(required("id", read.id));
      Limits.requireMetadata(required("metadata", read.metadata));
      Limits.requireAtLeastOne("version", read.version);
      Limits.requireString("incarnation", required("incarnation", read.incarnation));
      return read;
    }

    static <T> T required(String name, @Nullable T value) {
      if (value == null) {
        throw Limits.invalid("a session needs " + name);
      }
      return value;
    }
  }
}
