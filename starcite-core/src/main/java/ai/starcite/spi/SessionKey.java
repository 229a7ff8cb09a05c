package ai.starcite.spi;

/**
 * One life of one session. The incarnation is random and made at create, so that a session that was
 * deleted and created again shares nothing with its old life (clause SES-7).
 *
 * @param id the session's id: 1 to 256 bytes of UTF-8, otherwise any characters (clause SES-2)
 * @param incarnation 22 characters of base64url: 16 random bytes
 */
public record SessionKey(String id, String incarnation) {}
