package ai.starcite.store.s3;

import java.util.EnumSet;
import java.util.Set;

/** Which rules are kept: all, but for a simulation that wants to see one missing. Immutable. */
final class Rules {
  static final Rules ALL = new Rules(EnumSet.noneOf(Rule.class));

  private final Set<Rule> off;

  private Rules(Set<Rule> off) {
    this.off = off;
  }

  static Rules without(Rule first, Rule... more) {
    return new Rules(EnumSet.of(first, more));
  }

  boolean keeps(Rule rule) {
    return !off.contains(rule);
  }
}
