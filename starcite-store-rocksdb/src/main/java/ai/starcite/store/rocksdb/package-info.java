/**
 * The embedded store: {@link ai.starcite.store.rocksdb.RocksDbSegmentStore} keeps a session log in
 * a directory of the local disk, with RocksDB. One process at a time uses a directory.
 */
@NullMarked
package ai.starcite.store.rocksdb;

import org.jspecify.annotations.NullMarked;
