package ai.starcite.spi;

import java.util.List;
import java.util.Optional;

/**
 * A page of session records.
 *
 * @param records the records, in the store's order
 * @param next the {@code after} of the next page, or empty if this was the last one
 */
public record RecordPage(List<SessionRecord> records, Optional<String> next) {}
