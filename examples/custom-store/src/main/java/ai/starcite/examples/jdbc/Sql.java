package ai.starcite.examples.jdbc;

import java.util.List;

/**
 * All SQL of the store, and all that is not the same on every database.
 *
 * <p>Ids and epochs are kept as bytes, so that neither the case, the collation nor the normal form
 * of a string matters, and ids are ordered by their UTF-8 bytes. {@code BYTEA} is PostgreSQL's type
 * for that, which H2 knows too; elsewhere it may be a {@code BLOB} or {@code VARBINARY}, long
 * enough for a segment. The rest is standard SQL.
 */
final class Sql {
  static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS starcite_session (
            id BYTEA NOT NULL PRIMARY KEY,
            epoch BYTEA NOT NULL,
            next_seq BIGINT NOT NULL,
            sealed BOOLEAN NOT NULL,
            record BYTEA NOT NULL)
          """,
          """
          CREATE TABLE IF NOT EXISTS starcite_segment (
            epoch BYTEA NOT NULL,
            first_seq BIGINT NOT NULL,
            next_seq BIGINT NOT NULL,
            byte_count INTEGER NOT NULL,
            content BYTEA NOT NULL,
            PRIMARY KEY (epoch, first_seq))
          """,
          """
          CREATE TABLE IF NOT EXISTS starcite_checkpoint (
            epoch BYTEA NOT NULL PRIMARY KEY,
            next_seq BIGINT NOT NULL,
            content BYTEA NOT NULL)
          """);

  static final String CREATE =
      """
      INSERT INTO starcite_session (id, epoch, next_seq, sealed, record)
      VALUES (?, ?, 1, FALSE, ?)
      """;

  static final String RECORD = "SELECT record FROM starcite_session WHERE id = ?";

  /** Makes all other writers of the session wait until this transaction is over. */
  static final String LOCK =
      """
      SELECT next_seq, sealed, record FROM starcite_session
      WHERE id = ? AND epoch = ?
      FOR UPDATE
      """;

  static final String REPLACE = "UPDATE starcite_session SET record = ?, sealed = ? WHERE id = ?";

  static final String ADVANCE = "UPDATE starcite_session SET next_seq = ? WHERE id = ?";

  static final String APPEND =
      """
      INSERT INTO starcite_segment (epoch, first_seq, next_seq, byte_count, content)
      VALUES (?, ?, ?, ?, ?)
      """;

  /** One statement, so that the three belong together. */
  static final String LOAD =
      """
      SELECT s.record, s.next_seq, c.next_seq, c.content
      FROM starcite_session s LEFT JOIN starcite_checkpoint c ON c.epoch = s.epoch
      WHERE s.id = ?
      """;

  static final String EXISTS = "SELECT 1 FROM starcite_session WHERE id = ? AND epoch = ?";

  /**
   * How long the segments are from the one that contains a seq on. A seal without events contains
   * its first seq. That {@code epoch} is sorted by has H2 see that the index has this order.
   */
  static final String LENGTHS =
      """
      SELECT first_seq, byte_count FROM starcite_segment
      WHERE epoch = ?
        AND first_seq >= COALESCE((
          SELECT first_seq FROM starcite_segment
          WHERE epoch = ? AND first_seq <= ?
          ORDER BY epoch DESC, first_seq DESC
          FETCH FIRST 1 ROW ONLY), 1)
        AND (next_seq > ? OR first_seq = ?)
      ORDER BY epoch, first_seq
      FETCH FIRST 1000 ROWS ONLY
      """;

  static final String SEGMENT =
      "SELECT content FROM starcite_segment WHERE epoch = ? AND first_seq = ?";

  static final String SEGMENTS =
      """
      SELECT content FROM starcite_segment
      WHERE epoch = ? AND first_seq BETWEEN ? AND ?
      ORDER BY epoch, first_seq
      """;

  static final String LIST =
      """
      SELECT record FROM starcite_session
      WHERE id >= ? AND id > ? AND id < ?
      ORDER BY id
      FETCH FIRST ? ROWS ONLY
      """;

  static final String DELETE_SEGMENTS = "DELETE FROM starcite_segment WHERE epoch = ?";

  static final String DELETE_CHECKPOINT = "DELETE FROM starcite_checkpoint WHERE epoch = ?";

  static final String DELETE = "DELETE FROM starcite_session WHERE id = ?";

  static final String UPDATE_CHECKPOINT =
      "UPDATE starcite_checkpoint SET next_seq = ?, content = ? WHERE epoch = ?";

  static final String INSERT_CHECKPOINT =
      "INSERT INTO starcite_checkpoint (next_seq, content, epoch) VALUES (?, ?, ?)";

  private Sql() {}
}
