package ai.starcite.examples.gateway.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Bearer tokens from a file, one a line: the token, its scopes with commas between them, and the
 * session if it is for one only. Tokens are known by their hash, so that a dump has none.
 */
final class TokenFile implements Access.Tokens {
  private final Map<String, Caller> callers = new HashMap<>();

  private TokenFile() {}

  static TokenFile read(Path file) {
    TokenFile tokens = new TokenFile();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the token file " + file, e);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        tokens.add(line.split("\\s+", 3), file + ", line " + (i + 1));
      }
    }
    return tokens;
  }

  private void add(String[] parts, String place) {
    List<String> names = parts.length < 2 ? List.of() : List.of(parts[1].split(","));
    Set<Scope> scopes = Scope.of(names);
    if (scopes.size() != names.size() || scopes.isEmpty()) {
      throw new IllegalArgumentException(
          place
              + ": expected TOKEN SCOPE[,SCOPE…] [SESSION], with the scopes session:create,"
              + " session:read and session:append");
    }
    String hash = hash(parts[0]);
    Optional<String> lock = parts.length > 2 ? Optional.of(parts[2]) : Optional.empty();
    callers.put(hash, new Caller(hash, Caller.ANONYMOUS, scopes, "", lock, Optional.empty()));
  }

  @Override
  public Caller caller(String token) {
    Caller caller = callers.get(hash(token));
    if (caller == null) {
      throw Access.unauthorized("the token is not known");
    }
    return caller;
  }

  private static String hash(String token) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
