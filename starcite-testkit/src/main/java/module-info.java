/** The contract of the session log as tests, for stores and for programs that use a log. */
open module ai.starcite.testkit {
  requires transitive ai.starcite;
  requires transitive net.jqwik.api;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires org.junit.jupiter.params;
  requires org.opentest4j;
  requires static org.jspecify;

  exports ai.starcite.testkit;
  exports ai.starcite.testkit.history;
  exports ai.starcite.testkit.sim;
}
