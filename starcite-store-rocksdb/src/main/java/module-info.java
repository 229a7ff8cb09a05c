/** A segment store on a local disk, over RocksDB. */
module ai.starcite.store.rocksdb {
  requires transitive ai.starcite;
  requires org.slf4j;
  requires rocksdbjni;
  requires static org.jspecify;

  exports ai.starcite.store.rocksdb;
}
