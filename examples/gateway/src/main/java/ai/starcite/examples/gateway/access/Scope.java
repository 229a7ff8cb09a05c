package ai.starcite.examples.gateway.access;

import java.util.EnumSet;
import java.util.Set;

/** What a token allows. */
public enum Scope {
  /** Create, change, archive and delete sessions. */
  CREATE("session:create"),
  /** List and read sessions, and tail them. */
  READ("session:read"),
  /** Append events, and seal. */
  APPEND("session:append");

  final String wireName;

  Scope(String wireName) {
    this.wireName = wireName;
  }

  static Set<Scope> all() {
    return EnumSet.allOf(Scope.class);
  }

  /** The scopes among these names; others are none of the gateway's. */
  static Set<Scope> of(Iterable<String> names) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String name : names) {
      for (Scope scope : values()) {
        if (scope.wireName.equals(name)) {
          scopes.add(scope);
        }
      }
    }
    return scopes;
  }
}
