/** A segment store in memory. */
module ai.starcite.store.memory {
  requires transitive ai.starcite;
  requires static org.jspecify;

  exports ai.starcite.store.memory;
}
