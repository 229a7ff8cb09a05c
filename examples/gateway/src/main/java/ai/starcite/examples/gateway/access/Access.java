package ai.starcite.examples.gateway.access;

import ai.starcite.examples.gateway.http.GatewayOptions;
import ai.starcite.examples.gateway.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out who makes a request. */
public final class Access {
  /** Knows tokens. */
  interface Tokens {
    /**
     * Who has a token.
     *
     * @throws Problem 401 if it is not good
     */
    Caller caller(String token);
  }

  private final Optional<Tokens> tokens;

  private Access(Optional<Tokens> tokens) {
    this.tokens = tokens;
  }

  public static Access of(GatewayOptions options) {
    if (options.tokenFile != null && options.jwks != null) {
      throw new IllegalArgumentException("give --auth-token-file or --jwks, not both");
    }
    if (options.tokenFile != null) {
      return new Access(Optional.of(TokenFile.read(options.tokenFile)));
    }
    if (options.jwks == null) {
      return new Access(Optional.empty());
    }
    if (options.issuer == null || options.audience == null) {
      throw new IllegalArgumentException("--jwks needs --issuer and --audience");
    }
    return new Access(Optional.of(Jwts.of(options.jwks, options.issuer, options.audience)));
  }

  public boolean isOpen() {
    return tokens.isEmpty();
  }

  public Caller require(HttpServletRequest request, Scope scope) {
    Caller caller =
        tokens
            .map(known -> known.caller(token(request)))
            .orElseGet(() -> anybody(request.getRemoteAddr()));
    caller.require(scope);
    return caller;
  }

  private static Caller anybody(String address) {
    return new Caller(
        address, Caller.ANONYMOUS, Scope.all(), "", Optional.empty(), Optional.empty());
  }

  private static String token(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    String token =
        header == null
            ? (String) request.getAttribute(AccessTokenHandler.TOKEN)
            : header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7).trim() : null;
    if (token == null || token.isEmpty()) {
      throw unauthorized("send a token: Authorization: Bearer TOKEN, or ?access_token=TOKEN");
    }
    return token;
  }

  static Problem unauthorized(@Nullable String message) {
    return new Problem(401, "unauthorized", String.valueOf(message))
        .withHeader("WWW-Authenticate", "Bearer");
  }
}
