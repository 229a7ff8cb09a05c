package ai.starcite.examples.gateway.access;

import ai.starcite.examples.gateway.http.Problem;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JWTs: who signed them is in a JWK set, who has them in their claims. */
final class Jwts implements Access.Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Jwts.class);

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  private Jwts(JWKSource<SecurityContext> keys, String issuer, String audience) {
    // Signed with a private key: a public one must never pass as the secret of an HMAC.
    Set<JWSAlgorithm> algorithms = new HashSet<>(JWSAlgorithm.Family.RSA);
    algorithms.addAll(JWSAlgorithm.Family.EC);
    algorithms.remove(JWSAlgorithm.ES256K);
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            audience,
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            Set.of("sub", "exp", "tenant_id")));
  }

  static Jwts of(String jwks, String issuer, String audience) {
    return new Jwts(keys(jwks), issuer, audience);
  }

  private static JWKSource<SecurityContext> keys(String jwks) {
    try {
      if (jwks.startsWith("https://") || jwks.startsWith("http://")) {
        return JWKSourceBuilder.<SecurityContext>create(URI.create(jwks).toURL())
            .retrying(true)
            .build();
      }
      return new ImmutableJWKSet<>(JWKSet.load(new File(jwks)));
    } catch (IOException | ParseException e) {
      throw new IllegalArgumentException("cannot read the JWK set " + jwks, e);
    }
  }

  @Override
  public Caller caller(String token) {
    try {
      return caller(processor.process(token, null));
    } catch (KeySourceException e) {
      LOG.warn("the keys of JWTs could not be fetched: {}", e.getMessage());
      throw new Problem(503, "store_unavailable", "the keys of tokens could not be fetched");
    } catch (BadJOSEException e) {
      throw Access.unauthorized(e.getMessage());
    } catch (ParseException | JOSEException e) {
      throw Access.unauthorized("the token is not a JWT that the gateway can verify");
    }
  }

  private static Caller caller(JWTClaimsSet claims) throws ParseException {
    String tenant = claims.getStringClaim("tenant_id");
    Optional<String> prefix = Caller.tenantPrefix(tenant);
    String subject = claims.getSubject();
    if (prefix.isEmpty() || subject.isEmpty()) {
      throw Access.unauthorized("tenant_id or sub of the token is empty or too long");
    }
    return new Caller(
        tenant + " " + subject,
        subject,
        Scope.of(scopes(claims)),
        prefix.get(),
        Optional.ofNullable(claims.getStringClaim("session_id")),
        Optional.of(claims.getExpirationTime().toInstant()));
  }

  /** As OAuth has them, a string with spaces in it, or as a list. */
  private static List<String> scopes(JWTClaimsSet claims) throws ParseException {
    String name = claims.getClaim("scopes") == null ? "scope" : "scopes";
    if (claims.getClaim(name) instanceof String text) {
      return Arrays.asList(text.split(" "));
    }
    List<String> list = claims.getStringListClaim(name);
    return list == null ? List.of() : list;
  }
}
