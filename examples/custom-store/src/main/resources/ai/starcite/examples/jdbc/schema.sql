-- Ids are kept as UTF-8, so that no collation makes two of them equal or changes their order.
-- BYTEA is called BLOB or VARBINARY elsewhere; it must be long enough for a segment.
CREATE TABLE IF NOT EXISTS starcite_session (
  id BYTEA NOT NULL PRIMARY KEY,
  incarnation BYTEA NOT NULL UNIQUE,
  next_seq BIGINT NOT NULL,
  record BYTEA NOT NULL,
  checkpoint_seq BIGINT,
  checkpoint BYTEA);

-- A segment ends before end_seq, where a seal without events takes one seq. So the segment that
-- contains a seq is the first one whose end_seq is greater.
CREATE TABLE IF NOT EXISTS starcite_segment (
  incarnation BYTEA NOT NULL REFERENCES starcite_session (incarnation) ON DELETE CASCADE,
  end_seq BIGINT NOT NULL,
  byte_count INTEGER NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (incarnation, end_seq));
