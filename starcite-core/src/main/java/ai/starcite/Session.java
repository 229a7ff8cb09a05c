package ai.starcite;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A session as it was when it was read (clause SES-3). A snapshot: it does not follow the session.
 *
 * @param id 1 to 256 bytes of UTF-8 (clause SES-2)
 * @param title up to 1,024 characters, if there is one
 * @param metadata a JSON object of up to 64 KiB
 * @param createdAt when it was created, in microseconds
 * @param updatedAt when it was last updated, archived, unarchived or sealed; appends do not count
 * @param version 1 at create, one more with every change of {@code updatedAt}
 * @param archived whether plain listings leave it out
 * @param sealed whether it takes no more events
 * @param incarnation random, made at create: tells this life of the id from an earlier or later one
 * @param lastSeq the seq of the last durable event, 0 if there is none; empty in a listing, which
 *     does not look at events
 */
public record Session(
    String id,
    Optional<String> title,
    Json metadata,
    Instant createdAt,
    Instant updatedAt,
    long version,
    boolean archived,
    boolean sealed,
    String incarnation,
    OptionalLong lastSeq) {}
