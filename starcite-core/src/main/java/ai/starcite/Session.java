package ai.starcite;

import ai.starcite.internal.Limits;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session as it was when it was read (clause SES-3). A snapshot: it does not follow the session.
 * Immutable.
 */
public final class Session extends SessionFields {
  private final long lastSeq;

  Session(
      String id,
      @Nullable String title,
      Json metadata,
      Instant createdAt,
      Instant updatedAt,
      long version,
      boolean archived,
      boolean sealed,
      String incarnation,
      long lastSeq) {
    super(id, title, metadata, createdAt, updatedAt, version, archived, sealed, incarnation);
    this.lastSeq = lastSeq;
  }

  /**
   * Reads the wire form. Unknown names are ignored.
   *
   * @param wire what {@link #toJson} returned
   * @return an equal session
   * @throws SessionLogException {@code INVALID} if it is something else
   */
  public static Session fromJson(Json wire) {
    Wire read = Wire.read(wire);
    long lastSeq = Wire.required("last_seq", read.lastSeq());
    Limits.requireNotNegative("last_seq", lastSeq);
    return new Session(
        read.id(),
        read.title(),
        read.metadata(),
        EventWire.time("created_at", read.createdAt()),
        EventWire.time("updated_at", read.updatedAt()),
        read.version(),
        read.archived(),
        read.sealed(),
        read.incarnation(),
        lastSeq);
  }

  /**
   * Returns the seq of the last durable event.
   *
   * @return 0 if there is none
   */
  public long lastSeq() {
    return lastSeq;
  }

  @Override
  void lastSeqTo(Map<String, Object> wire) {
    wire.put("last_seq", lastSeq);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return super.equals(o) && o instanceof Session other && lastSeq == other.lastSeq;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Long.hashCode(lastSeq);
  }
}
