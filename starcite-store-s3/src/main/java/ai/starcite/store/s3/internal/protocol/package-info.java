/**
 * The protocol by which any number of processes share sessions, with nothing between them but an
 * object store that can put if absent. {@code docs/s3.md} explains it.
 *
 * <p>A session is a row of numbered keys. {@code Appender} puts segments at the head that {@code
 * HeadFinder} finds; {@code Generations} puts the manifests that change all the rest: {@code
 * Updater} the record, {@code Compactor} the boundary, {@code Finisher} the end. {@code
 * SnapshotReader} reads the newest one, and {@code KnownSessions} remembers what this process has
 * seen. {@code Reclaimer} deletes what has been superseded for the grace.
 *
 * <p>Because objects are deleted, an answer may be about a key that has been used before. {@code
 * Judge} decides whether it counts. A put without an answer is resolved by sending it again: {@code
 * SegmentPuts} and {@code Generations} recognise their own objects by a random token.
 *
 * <p>No part blocks, and all are thread-safe. Each is made by {@link
 * ai.starcite.store.s3.internal.protocol.ProtocolFactory}, and depends only on parts made before
 * it.
 */
package ai.starcite.store.s3.internal.protocol;
