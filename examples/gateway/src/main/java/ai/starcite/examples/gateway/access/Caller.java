package ai.starcite.examples.gateway.access;

import ai.starcite.NewSession;
import ai.starcite.examples.gateway.http.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who makes a request, and what of the log it can see.
 *
 * @param key what the client is counted by
 * @param subject the actor of events that name none
 * @param scopes what it may do
 * @param prefix what the ids of its tenant begin with in the log; never shown
 * @param lock the one session that it can see
 * @param expiresAt when its token expires
 */
public record Caller(
    String key,
    String subject,
    Set<Scope> scopes,
    String prefix,
    Optional<String> lock,
    Optional<Instant> expiresAt) {
  static final String ANONYMOUS = "anonymous";
  private static final int MAX_ID_BYTES = 256;

  /**
   * The prefix of a tenant: its id, encoded so that no two tenants' prefixes can meet. Empty if the
   * id leaves too little room for those of sessions, or is not Unicode.
   */
  static Optional<String> tenantPrefix(String tenant) {
    String prefix = URLEncoder.encode(tenant, StandardCharsets.UTF_8) + "/";
    boolean isUnicode = StandardCharsets.UTF_8.newEncoder().canEncode(tenant);
    return !isUnicode || prefix.length() == 1 || prefix.length() > MAX_ID_BYTES / 2
        ? Optional.empty()
        : Optional.of(prefix);
  }

  void require(Scope scope) {
    if (!scopes.contains(scope)) {
      throw new Problem(403, "forbidden", "the token does not have the scope " + scope.wireName);
    }
  }

  /** The id in the log of a session that the caller names. Others' sessions do not exist for it. */
  public String inner(String id) {
    String checked = valid(id);
    if (!sees(id)) {
      throw Problem.sessionNotFound();
    }
    return checked;
  }

  /** The id in the log of a session to be created. */
  public String innerOfNew(String id) {
    String checked = valid(id);
    if (!sees(id)) {
      throw new Problem(403, "forbidden", "the token is for another session");
    }
    return checked;
  }

  private String valid(String id) {
    Problem.naming("invalid_session_id", () -> NewSession.ofId(id));
    String inner = prefix + id;
    if (inner.getBytes(StandardCharsets.UTF_8).length > MAX_ID_BYTES) {
      throw new Problem(
          400,
          "invalid_session_id",
          "the session id is too long; it may be %d bytes here"
              .formatted(MAX_ID_BYTES - prefix.length()));
    }
    return inner;
  }

  public boolean sees(String id) {
    return lock.isEmpty() || lock.get().equals(id);
  }

  /** The id as the caller knows it. */
  public String outer(String innerId) {
    return innerId.substring(prefix.length());
  }
}
